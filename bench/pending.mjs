// A process of its own for claims/memory.mjs. `hold` makes calls while every worker is busy and looks at what they hold; `pass`
// lets many pass through a pool that may hold few, and looks at the most that this process ever held.

import { start, workers } from './contenders.mjs'
import { check } from './timing.mjs'

const [, , mode, file, count] = process.argv
const calls = Number(count)
const contender = await start(file, mode === 'pass' ? { maxPending: 10_000 } : undefined)
await contender.each('nothing', [1, 2, 3, 4])
if (mode === 'hold') contender.each('sleep', Array(workers).fill(600_000))
const list = Array.from({ length: mode === 'hold' ? calls : 0 }, (_, n) => n)

globalThis.gc()
const before = process.memoryUsage()
const begin = performance.now()
let answered = 0
if (mode === 'hold') {
  contender.each('nothing', list, () => answered++)
} else {
  const lastOnes = Array.from({ length: 1000 }, (_, i) => calls - 1000 + i)
  check(contender.name, [...(await contender.pass(calls)).values()], lastOnes)
}
const ms = performance.now() - begin
const rss = (mode === 'pass' ? process.resourceUsage().maxRSS * 1024 : process.memoryUsage().rss) - before.rss
globalThis.gc()
const heap = process.memoryUsage().heapUsed - before.heapUsed
if (answered > 0) throw new Error(`Cannot tell what pending calls of ${file} hold: they are not pending.`)
console.log(JSON.stringify({ rss, heap, ms }))
process.exit()
