// What one call costs that does nothing.

import { availableParallelism } from 'node:os'
import Tinypool from 'tinypool'
import { Nothing } from '../build/bench/jobs.js'
import { median, report } from './report.mjs'

const runs = 7
const workers = availableParallelism()

const rows = [
  await measure('deco-ts, async', 100_000, (calls) => new Nothing().callAsync(calls)),
  await measure('deco-ts, blocking', 100_000, (calls) => new Nothing().callBlocking(calls)),
]
const filename = new URL('tinypool-worker.mjs', import.meta.url).href
const pool = new Tinypool({ filename, minThreads: workers, maxThreads: workers })
const runAll = (calls) => Promise.all(Array.from({ length: calls }, (_, n) => pool.run(n)))
rows.push(await measure('tinypool.run', 20_000, runAll))
await pool.destroy()

report(
  'A call that does nothing',
  rows,
  `Medians of ${runs} runs after a first one. deco-ts includes the Future and its commit into a TrackedMap.`,
)

async function measure(what, calls, run) {
  await run(calls)
  const times = []
  for (let i = 0; i < runs; i++) {
    const start = performance.now()
    await run(calls)
    times.push(((performance.now() - start) * 1000) / calls)
  }
  return {
    what,
    calls,
    'µs a call': median(times).toFixed(2),
    'fastest run': Math.min(...times).toFixed(2),
    'slowest run': Math.max(...times).toFixed(2),
  }
}
