// Where this project lies, seen from its compiled tests, and the tools that it has installed.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

export function read(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8')
}

/** The script of a command that an installed package brings. */
export function command(packageName: string, name = packageName): string {
  const { bin } = JSON.parse(read(`node_modules/${packageName}/package.json`)) as {
    bin: string | Record<string, string>
  }
  return `${root}node_modules/${packageName}/${typeof bin === 'string' ? bin : bin[name]}`
}
