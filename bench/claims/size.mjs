// Size of the package as npm would publish it.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const title = 'Size of the package'

export function measure() {
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const packed = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { cwd, encoding: 'utf8' })
  const [{ size, unpackedSize, entryCount }] = JSON.parse(packed)
  return { size, unpackedSize, entryCount }
}

export function show({ size, unpackedSize, entryCount }) {
  const kB = (bytes) => `${Math.round(bytes / 1000)} kB`
  return {
    rows: [
      { what: 'packed', size: kB(size) },
      { what: `unpacked, ${entryCount} files`, size: kB(unpackedSize) },
    ],
    figures: [{ what: 'packed size', figure: `${kB(size)}, most of it source maps` }],
  }
}
