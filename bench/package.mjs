// Size of the package, and what importing it costs a process.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median, report } from './report.mjs'

const runs = 21
const cwd = fileURLToPath(new URL('..', import.meta.url))

const packed = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { cwd, encoding: 'utf8' })
const [{ size, unpackedSize, entryCount }] = JSON.parse(packed)

const empty = []
const importing = []
// In turns, so that both meet the machine in the same mood.
for (let run = 0; run < runs; run++) {
  empty.push(start(''))
  importing.push(start("import('deco-ts')"))
}
const difference = median(importing) - median(empty)

report(
  'Package',
  [
    { what: 'packed size', value: `${(size / 1000).toFixed(1)} kB` },
    { what: 'unpacked size', value: `${(unpackedSize / 1000).toFixed(1)} kB in ${entryCount} files` },
    { what: 'empty process', value: `${median(empty).toFixed(1)} ms` },
    { what: "process with import('deco-ts')", value: `${median(importing).toFixed(1)} ms` },
    { what: 'import', value: `${difference.toFixed(1)} ms` },
  ],
  `Times are medians of ${runs} fresh processes.`,
)

function start(code) {
  const begin = performance.now()
  execFileSync(process.execPath, ['--eval', code], { cwd })
  return performance.now() - begin
}
