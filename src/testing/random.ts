/** Numbers from 0 to below 1 that look random and are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296
  }
}

/** @throws {TypeError} if a seed is no whole number */
export function checkSeed(what: string, seed: unknown): number {
  if (Number.isSafeInteger(seed)) return seed as number
  throw new TypeError(`Cannot use ${String(seed)} as the seed of ${what}: it must be a whole number.`)
}
