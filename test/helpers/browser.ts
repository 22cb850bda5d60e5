import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** Starts the Chromium that is installed. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: program('chromium'), args: ['--no-sandbox'] })
}

function program(name: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
  if (found !== undefined) return found
  throw new Error(`Cannot start a browser: there is no ${name} in PATH. Way out: apt-get install ${name} (Debian).`)
}
