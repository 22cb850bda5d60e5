// Taking times, and what is said about several of them.

import { isDeepStrictEqual } from 'node:util'
import { digest } from '../build/bench/work.js'

/** How many ms it takes. */
export async function timed(run) {
  const start = performance.now()
  const result = await run()
  return { ms: performance.now() - start, result }
}

/** Results must be those of the serial run, one by one and in order. */
export function check(name, results, expected) {
  if (!isDeepStrictEqual(results, expected)) throw new Error(`Cannot use a time of ${name}: its results are wrong.`)
}

/** Gives bytes whose `digest` takes the given number of µs, as this machine is now: two looks in a row have to agree. */
export function calibrated() {
  for (let i = 0; i < 50_000; i++) digest(i % 64)
  let before
  for (let look = 0; look < 20; look++) {
    const now = costs()
    if (before !== undefined && Math.abs(now.perByte / before.perByte - 1) < 0.05) break
    before = now
  }
  const { least, perByte } = before
  return (us) => Math.max(1, Math.round((us - least) / perByte))
}

// What a digest of nothing takes, and each byte more, in µs.
function costs() {
  const large = 1024 * 1024
  const least = microseconds(() => digest(1), 20_000)
  return { least, perByte: (microseconds(() => digest(large), 40) - least) / large }
}

function microseconds(run, times) {
  const rounds = Array.from({ length: 5 }, () => {
    const start = performance.now()
    for (let i = 0; i < times; i++) run()
    return ((performance.now() - start) * 1000) / times
  })
  return Math.min(...rounds)
}

/** The value below which the given share of all lies. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)]
}

export function median(values) {
  return quantile(values, 0.5)
}
