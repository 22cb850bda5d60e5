// A process of its own for claims/hot-loop.mjs: the same loop over another kind of array would slow down both sides.

import { scan } from '../build/bench/work.js'
import { shared } from '../dist/index.js'
import { files, rotated, start } from './contenders.mjs'

const [, , kind, runs, warmUps] = process.argv
const numbers = Array.from({ length: 100_000 }, (_, i) => i + 0.5)
const outside = kind.includes('Float64Array') ? Float64Array.from(numbers) : numbers
const isShared = kind.startsWith('shared')
const argument = isShared ? shared(outside.slice()) : outside
const chosen = isShared ? files.filter((file) => file.startsWith('deco-ts')) : files
const started = await Promise.all(chosen.map((file) => start(file)))
const rows = started.map(({ name }) => ({ name, ratios: [] }))
const alone = []
for (let run = -Number(warmUps); run < Number(runs); run++) {
  for (const i of rotated([...rows.keys()], run + Number(warmUps))) {
    // One call at a time, so that the loop has the processor to itself.
    const before = scan(outside)
    const [inside] = await started[i].each('scan', [argument])
    if (run < 0) continue
    rows[i].ratios.push(before / inside)
    alone.push(before)
  }
}
console.log(JSON.stringify({ kind, alone, rows }))
process.exit()
