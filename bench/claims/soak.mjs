// Two hundred jobs, one after the other: what memory does meanwhile, and what is left when the executor is closed.

import { setTimeout } from 'node:timers/promises'
import { Steady } from '../../build/bench/jobs/steady.js'
import { threads } from '../../dist/index.js'
import { check } from '../timing.mjs'

export const title = 'Soak'

const jobs = 200

export async function measure(quick) {
  const calls = quick ? 1000 : 100_000
  const before = process.getActiveResourcesInfo().length
  const executor = threads({ maxPending: 10_000 })
  const expected = Array.from({ length: 1000 }, (_, i) => (i % 10 === 0 ? 2 : calls - 1000 + i))
  const samples = []
  const start = performance.now()
  for (let i = 0; i < jobs; i++) {
    check('deco-ts', [...(await new Steady({ executor }).pass(calls)).values()], expected)
    globalThis.gc()
    const { heapUsed, rss } = process.memoryUsage()
    samples.push({ heap: heapUsed, rss })
  }
  const ms = performance.now() - start
  await executor.close()
  // What has been closed gets a turn to be gone.
  await setTimeout(100)
  return { jobs, calls, ms, samples, left: Math.max(0, process.getActiveResourcesInfo().length - before) }
}

/** The straight line through values, by least squares: its slope a step, and the slope's standard error. */
function slopeOf(values) {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0)
  const slope = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0) / spread
  const rest = values.reduce((sum, value, i) => sum + (value - mean - slope * (i - middle)) ** 2, 0)
  return { slope, error: Math.sqrt(rest / (values.length - 2) / spread) }
}

export function show({ jobs, calls, ms, samples, left }) {
  const total = jobs * calls
  const later = samples.slice(jobs / 2)
  const perMillion = 1e6 / calls
  const kb = (bytes) => `${bytes < 0 ? '−' : '+'}${Math.abs(bytes / 1000).toFixed(0)} kB`
  const row = (what, key) => {
    const values = later.map((sample) => sample[key])
    const { slope, error } = slopeOf(values)
    const mb = (bytes) => (bytes / 1e6).toFixed(1)
    return {
      what,
      'after half, MB': mb(values[0]),
      'at the end, MB': mb(values.at(-1)),
      'most, MB': mb(Math.max(...values)),
      'slope, a million calls': kb(slope * perMillion),
      'its standard error': kb(error * perMillion).slice(1),
      isFlat: slope < 2 * error || slope * later.length < 1e6,
    }
  }
  const rows = [row('heap after a collection', 'heap'), row('resident memory, workers included', 'rss')]
  return {
    note: `${total.toLocaleString('en')} calls in ${jobs} jobs on one pool, every tenth with an object of its own, in ${(ms / 1000).toFixed(0)} s. Memory is looked at after each job; the slope is that of a straight line through the second half: until then the heaps of the workers find their size. Flat is what does not grow by more than twice the standard error of its slope, or by less than 1 MB in all. Handles left open when the pool is closed: ${left}.`,
    rows: rows.map(({ isFlat, ...row }) => ({ ...row, flat: isFlat ? 'yes' : 'no' })),
    figures: [
      {
        what: `${total.toLocaleString('en')} calls in ${jobs} jobs: growth of the heap and of resident memory in the second half; open handles at the end`,
        budget: 'flat; none',
        figure: `${rows.map((row) => `${row['slope, a million calls']} ± ${row['its standard error']}`).join(', ')} a million calls; ${left}`,
        isMet: rows.every(({ isFlat }) => isFlat) && left === 0,
      },
    ],
  }
}
