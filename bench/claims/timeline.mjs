// The timeline page of a run of 100,000 calls, in Chromium: until it is shown, and how smoothly it is panned.

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Calls } from '../../build/bench/jobs/calls.js'
import { startBrowser } from '../../build/test/helpers/browser.js'
import { threads } from '../../dist/index.js'
import { record, writeTimeline } from '../../dist/trace/index.js'
import { workers } from '../contenders.mjs'
import { calibrated, median, quantile } from '../timing.mjs'

export const title = 'A timeline of 100,000 calls'

// How many times enlarged it is panned: with most of all calls in sight, thousands of them, and each by itself.
const zooms = [2, 20, 1000]

export async function measure(quick) {
  const calls = quick ? 2000 : 100_000
  const runs = quick ? 1 : 5
  const frames = quick ? 20 : 180
  const folder = mkdtempSync(join(tmpdir(), 'deco-'))
  const file = join(folder, 'timeline.html')
  try {
    const written = await write(calls, file)
    const browser = await startBrowser()
    try {
      const shown = []
      const pans = Object.fromEntries(zooms.map((zoom) => [zoom, []]))
      for (let run = 0; run < runs; run++) {
        const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } })
        await page.goto(pathToFileURL(file).href)
        await page.locator('[data-shown]').waitFor({ state: 'attached' })
        shown.push(Number(await page.evaluate('document.documentElement.dataset.shown')))
        for (const zoom of zooms) pans[zoom].push(await page.evaluate(panning(zoom, frames)))
        await page.close()
      }
      return { workers, calls, runs, frames, ...written, size: statSync(file).size, shown, pans }
    } finally {
      await browser.close()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Records calls of 20 µs. */
async function write(calls, file) {
  const bytes = calibrated()(20)
  const executor = threads({ workers })
  const recording = record()
  await new Calls({ executor }).each('digest', new Array(calls).fill(bytes))
  const trace = recording.stop()
  await executor.close()
  if (trace.calls.length !== calls) throw new Error(`Recorded ${trace.calls.length} calls of ${calls}.`)
  const start = performance.now()
  await writeTimeline(trace, file)
  return { writing: performance.now() - start }
}

// In the page: zooms in, and pans with the keyboard, a step a frame, now to the right and now to the left. Gives how long frames took, in ms.
function panning(zoom, frames) {
  return `new Promise((resolve) => {
    const rows = document.getElementById('rows')
    const press = (key) => rows.dispatchEvent(new KeyboardEvent('keydown', { key }))
    press('0')
    for (let zoomed = 1; zoomed < ${zoom}; zoomed *= 1.5) press('+')
    const times = []
    let last
    const step = (now) => {
      if (last !== undefined) times.push(now - last)
      last = now
      if (times.length === ${frames}) return resolve(times)
      press(times.length % 60 < 30 ? 'ArrowRight' : 'ArrowLeft')
      requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  })`
}

export function show({ calls, runs, size, writing, shown, pans }) {
  const count = calls.toLocaleString('en')
  const rates = Object.entries(pans).map(([zoom, runs]) => {
    const times = runs.flat()
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length
    return { zoom, rate: 1000 / mean, slow: quantile(times, 0.99) }
  })
  const slowest = Math.min(...rates.map(({ rate }) => rate))
  const load = median(shown)
  return {
    note: `A recorded run of ${count} calls, as a page of ${(size / 1e6).toFixed(1)} MB, written in ${writing.toFixed(0)} ms. Loading is from the start of navigation until the second frame after all is drawn; panning is by the keyboard, a step a frame, in headless Chromium, which draws no more than 60 frames a second. Medians of ${runs} loads, and all frames of as many.`,
    rows: [
      { what: 'loaded and shown', figure: `${load.toFixed(0)} ms` },
      ...rates.map(({ zoom, rate, slow }) => ({
        what: `panned, ${Number(zoom).toLocaleString('en')} times enlarged`,
        figure: `${rate.toFixed(0)} frames a second, 99 % of them within ${slow.toFixed(0)} ms`,
      })),
    ],
    figures: [
      {
        what: `the timeline of ${count} calls: loaded; panned`,
        budget: '≤ 2 s; ≥ 30 frames a second',
        figure: `${(load / 1000).toFixed(2)} s; ${slowest.toFixed(0)} frames a second`,
        isMet: load <= 2000 && slowest >= 30,
      },
    ],
  }
}
