// The timeline page of a real run, as a browser shows it.

import { mkdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import type { Browser, Page } from 'playwright-core'
import { threads } from '../../src/index.js'
import { type RecordedCall, record, type Trace, verdict, writeTimeline } from '../../src/trace/index.js'
import { bytes, duration, percent, whole } from '../../src/trace/plain.js'
import { Survey } from '../fixtures/survey.js'
import { startBrowser } from '../helpers/browser.js'
import { Folder } from '../helpers/folder.js'
import { root } from '../helpers/project.js'

// If a text got out of the data, this would run.
const HOSTILE = '</script><script>throw 1'

let trace: Trace
let browser: Browser
const folder = new Folder()
const file = folder.file('timeline.html')

test.before(async () => {
  await using executor = threads({ workers: 4 })
  const survey = new Survey({ executor })
  await survey.run(40, [])
  using recording = record()
  await survey.run(300, ['a', HOSTILE, '<!-- <script>'])
  await survey.stumble(HOSTILE).catch(() => {})
  trace = recording.stop()
  await writeTimeline(trace, file)
  browser = await startBrowser()
})

test.after.always(async () => {
  await browser?.close()
  folder[Symbol.dispose]()
})

/** Opens the page in a browser that is like this, and looks at the end whether it complained or asked the network for anything. */
async function shows(
  t: ExecutionContext,
  colorScheme: 'light' | 'dark',
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => requests.push(request.url()))
  await page.goto(pathToFileURL(file).href)
  await page.locator('[data-shown]').waitFor({ state: 'attached' })
  await look(page)
  await context.close()
  t.deepEqual(complaints, [])
  t.deepEqual(
    requests.filter((url) => !url.startsWith('data:')),
    [pathToFileURL(file).href],
  )
}

/** Where in the picture a worker's row is at a time, while the whole run is shown. */
async function place(page: Page, worker: number, time: number): Promise<{ x: number; y: number }> {
  const box = (await page.locator('#rows .u-over').boundingBox())!
  const rows = [...new Set(trace.calls.flatMap(({ worker }) => worker ?? []))].sort((a, b) => a - b)
  const row = 1 + rows.indexOf(worker)
  return {
    x: box.x + (time / trace.length) * box.width,
    y: box.y + ((row + 0.5) / (rows.length + 1)) * box.height,
  }
}

/** The call of a method that ran longest. */
function longest(method: string): RecordedCall {
  const calls = trace.calls.filter((call) => trace.methods[call.method] === method)
  return calls.reduce((a, b) => (b.ended! - b.began! > a.ended! - a.began! ? b : a))
}

/** Facts of the tooltip by their names. */
async function tooltip(page: Page): Promise<Record<string, string>> {
  const tip = page.getByRole('tooltip')
  const texts = (selector: string) => tip.locator(selector).allTextContents()
  const [names, values] = [await texts('dt'), await texts('dd')]
  return {
    title: (await tip.locator('.tip-title').textContent())!,
    ...Object.fromEntries(names.map((name, i) => [name, values[i]!])),
  }
}

test('a row shows each call in the colour of its method, and what there is to know of it where the pointer is', async (t) => {
  await shows(t, 'light', async (page) => {
    const call = longest('Survey.measure')
    const { x, y } = await place(page, call.worker!, (call.began! + call.ended!) / 2)
    t.deepEqual(await pixelAt(page, x, y - 8), await colourOf(page, call.method))
    await page.mouse.move(x, y)
    t.like(await tooltip(page), {
      title: `Survey.measure #${call.number}`,
      arguments: call.args,
      job: `Survey, phase ${call.phase}`,
      ran: duration(round(call.ended!) - round(call.began!)),
      queued: duration(round(call.began!) - round(call.made)),
      'until commit': duration(round(call.over) - round(call.ended!)),
      bytes: `${bytes(call.bytesOut)} out, ${bytes(call.bytesIn)} in`,
    })
    const batch = trace.batches.find(({ worker, number }) => worker === call.worker && number === call.batch)!
    t.regex((await tooltip(page)).batch!, new RegExp(`^${batch.number}, of ${batch.calls} calls?: `))
  })
})

test('zooming in shows less, around the pointer; dragging moves it; a button shows all again', async (t) => {
  await shows(t, 'light', async (page) => {
    const shown = page.locator('#shown')
    const all = await shown.textContent()
    const call = longest('Survey.measure')
    const at = await place(page, call.worker!, (call.began! + call.ended!) / 2)
    await page.mouse.move(at.x, at.y)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -800)
    await page.keyboard.up('Control')
    await page.waitForFunction(`document.getElementById('shown').textContent !== ${JSON.stringify(all)}`)
    t.is((await tooltip(page)).title, `Survey.measure #${call.number}`)
    const before = await shown.textContent()
    await page.mouse.down()
    await page.mouse.move(at.x + 120, at.y, { steps: 4 })
    await page.mouse.up()
    t.not(await shown.textContent(), before)
    await page.getByRole('button', { name: 'Whole run' }).click()
    t.is(await shown.textContent(), all)
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await page.getByRole('button', { name: 'Zoom out' }).click()
    t.is(await shown.textContent(), all)
  })
})

test('all of it can be done with the keyboard, and is told to those who do not see it', async (t) => {
  await shows(t, 'dark', async (page) => {
    const rows = page.getByRole('application', { name: 'Calls of each worker over time' })
    for (let i = 0; i < 4; i++) await page.keyboard.press('Tab')
    t.is(await page.locator('#rows:focus').count(), 1, 'it comes after the three buttons')
    t.true(await rows.isVisible())
    const shown = page.locator('#shown')
    const all = await shown.textContent()
    await page.keyboard.press('+')
    const zoomed = await shown.textContent()
    t.not(zoomed, all)
    await page.keyboard.press('ArrowRight')
    t.not(await shown.textContent(), zoomed)
    await page.keyboard.press('ArrowLeft')
    t.is(await shown.textContent(), zoomed)
    await page.keyboard.press('0')
    t.is(await shown.textContent(), all)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    const said = page.locator('#said')
    const first = await said.textContent()
    t.regex(first!, /^Survey\.\w+ #\d+; arguments /)
    await page.keyboard.press('n')
    const second = await said.textContent()
    t.not(second, first)
    t.true(second!.startsWith((await tooltip(page)).title!))
    await page.keyboard.press('p')
    t.is(await said.textContent(), first)
    await page.keyboard.press('Escape')
    t.true(await page.getByRole('tooltip').isHidden())
  })
})

test('the figures of each method are those of the calls that were recorded', async (t) => {
  await shows(t, 'light', async (page) => {
    const names = await page.locator('#methods thead th').allTextContents()
    const cells = async () => {
      const rows = await page.locator('#methods tbody tr').all()
      const texts = await Promise.all(rows.map((row) => row.locator('th, td').allTextContents()))
      return texts.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]!])))
    }
    const found = await cells()
    t.deepEqual(found.map(({ method }) => method).toSorted(), trace.methods.toSorted())
    for (const row of found) t.like(row, expectedOf(row.method!))
    // The one that ran longest comes first, until somebody wants another order.
    t.is(found[0]!.method, 'Survey.measure')
    await page.getByRole('button', { name: 'method', exact: true }).click()
    t.deepEqual(
      (await cells()).map(({ method }) => method),
      trace.methods.toSorted(),
    )
  })
})

/** Calculated from the calls, one by one. */
function expectedOf(method: string): Record<string, string> {
  const calls = trace.calls.filter((call) => trace.methods[call.method] === method)
  const lengths = calls
    .filter(({ outcome, began }) => outcome !== 'dropped' && began !== null)
    .map(({ began, ended }) => ended! - began!)
    .toSorted((a, b) => a - b)
  const sum = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
  const atLeast = (share: number) => duration(lengths.find((_, i) => i + 1 >= share * lengths.length) ?? 0)
  return {
    calls: whole(calls.length),
    total: duration(sum(lengths)),
    mean: duration(lengths.length === 0 ? 0 : sum(lengths) / lengths.length),
    p50: atLeast(0.5),
    p95: atLeast(0.95),
    p99: atLeast(0.99),
    'bytes out': bytes(sum(calls.map(({ bytesOut }) => bytesOut))),
    'bytes in': bytes(sum(calls.map(({ bytesIn }) => bytesIn))),
    reruns: whole(sum(calls.map(({ reruns }) => reruns))),
    failed: whole(calls.filter(({ outcome }) => outcome === 'failed').length),
  }
}

test('histograms count every call that ran and every batch; the verdict is the one that verdict() gives', async (t) => {
  await shows(t, 'dark', async (page) => {
    const counted = async (id: string) => {
      const texts = await page.locator(`#${id} li`).allTextContents()
      return texts.reduce((sum, text) => sum + Number(/: ([\d,]+) /.exec(text)![1]!.replaceAll(',', '')), 0)
    }
    t.is(await counted('lengths'), trace.calls.filter(({ began }) => began !== null).length)
    t.is(await counted('sizes'), trace.batches.length)
    const found = verdict(trace)
    t.is(await page.locator('#verdict h2').textContent(), found.headline)
    const tiles = await page.locator('.tile b').allTextContents()
    t.deepEqual(tiles, [
      `${found.speedUp.toFixed(2)} ×`,
      `${found.bound.toFixed(2)} ×`,
      duration(found.wall),
      whole(found.workers),
    ])
    const parts = await page.locator('.parts strong').allTextContents()
    t.is(parts[0], `${percent(found.busy)} calls`)
    for (const { name, share } of found.losses.filter(({ share }) => share >= 0.02))
      t.true(parts.includes(`${percent(share)} ${name}`), name)
  })
})

test('what calls were given and failed with is text, whatever it looks like', async (t) => {
  await shows(t, 'light', async (page) => {
    const data = JSON.parse((await page.locator('#data').textContent())!) as {
      calls: { args: string[]; errors: unknown[] }
    }
    t.true(data.calls.args.includes(JSON.stringify(HOSTILE)))
    t.deepEqual(
      data.calls.errors.map((entry) => (entry as unknown[])[1]),
      [`RangeError: ${HOSTILE}`],
    )
  })
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page is drawn in ${colorScheme} colours`, async (t) => {
    await shows(t, colorScheme, async (page) => {
      const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
      t.is(Number(/\d+/.exec(background)![0]) > 127, colorScheme === 'light')
      const call = longest('Survey.measure')
      const { x, y } = await place(page, call.worker!, (call.began! + call.ended!) / 2)
      t.deepEqual(await pixelAt(page, x, y - 8), await colourOf(page, call.method))
      if (process.env.TIMELINE_SCREENSHOTS !== '1') return
      await page.setViewportSize({ width: 1280, height: 1640 })
      const there = await place(page, call.worker!, (call.began! + call.ended!) / 2)
      await page.mouse.move(there.x, there.y)
      await page.getByRole('tooltip').waitFor()
      mkdirSync(`${root}docs/images`, { recursive: true })
      await page.screenshot({ path: `${root}docs/images/timeline-${colorScheme}.png` })
    })
  })
}

// What the page knows: times in tenths of a microsecond.
function round(time: number): number {
  return Math.round(time * 10_000) / 10_000
}

/** A pixel of the rows' canvas. */
function pixelAt(page: Page, x: number, y: number): Promise<number[]> {
  return page.evaluate<number[]>(`
    const canvas = document.querySelector('#rows canvas')
    const { left, top } = canvas.getBoundingClientRect()
    const at = [${x} - left, ${y} - top].map((place) => Math.floor(place * devicePixelRatio))
    Array.from(canvas.getContext('2d').getImageData(...at, 1, 1).data.slice(0, 3))`)
}

/** The colour of a method. */
async function colourOf(page: Page, method: number): Promise<number[]> {
  const text = await page.evaluate<string>(
    `getComputedStyle(document.documentElement).getPropertyValue('--method-${method}').trim()`,
  )
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16))
}
