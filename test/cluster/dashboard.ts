// Bull Board shows the queue of a cluster: seen with a browser.

import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import test from 'ava'
import { Held } from '../fixtures/held.js'
import { Cluster, QUEUE } from '../helpers/cluster.js'
import { Folder } from '../helpers/folder.js'
import { root } from '../helpers/project.js'

/** As much of playwright-core as is used here: it is installed for the example alone. */
interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> }
}
interface Browser {
  newPage(): Promise<Page>
  close(): Promise<void>
}
interface Page {
  goto(url: string): Promise<unknown>
  getByText(text: string | RegExp): Locator
  getByRole(role: string, options: object): Locator
}
interface Locator {
  first(): Locator
  click(): Promise<void>
  waitFor(): Promise<void>
  textContent(): Promise<string | null>
}

const EXAMPLE = join(root, 'examples/dashboard')

test('a browser sees the queue, and the batch that is running', async (t) => {
  const { chromium } = load('playwright-core') as Playwright
  const { startDashboard } = (await import(pathToFileURL(join(EXAMPLE, 'dashboard.mjs')).href)) as {
    startDashboard(options: object): Promise<{ url: string; close(): Promise<void> }>
  }
  await using cluster = await Cluster.start({ hosts: 1 })
  await using executor = cluster.executor()
  using folder = new Folder()
  const file = folder.file('release')
  const results = new Held({ executor }).all(1, (job) => job.hold(file))
  await folder.until('release.')

  const dashboard = await startDashboard({ redis: `redis://127.0.0.1:${cluster.redis.port}`, queue: QUEUE })
  const browser = await chromium.launch({ executablePath: program('chromium'), args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.goto(`${dashboard.url}queue/${QUEUE}?status=active`)
    const name = page.getByText('Held.hold').first()
    await name.waitFor()
    t.is((await name.textContent())?.trim(), 'Held.hold')
    t.truthy(
      await page
        .getByRole('link', { name: new RegExp(QUEUE) })
        .first()
        .textContent(),
    )
    writeFileSync(file, '')
    t.deepEqual(await results, [cluster.hosts[0]!.pid])
  } finally {
    await browser.close()
    await dashboard.close()
  }
})

function load(name: string): unknown {
  try {
    return createRequire(join(EXAMPLE, 'package.json'))(name)
  } catch (cause) {
    throw new Error(`Cannot test the dashboard: ${name} is missing. Way out: npm --prefix examples/dashboard ci`, {
      cause,
    })
  }
}

function program(name: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
  if (found !== undefined) return found
  throw new Error(`Cannot test the dashboard: there is no ${name} in PATH. Way out: apt-get install ${name} (Debian).`)
}
