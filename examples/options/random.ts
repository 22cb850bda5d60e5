/**
 * Uniform numbers between 0 and 1, both excluded: xoshiro128++ by David Blackman and Sebastiano Vigna, "Scrambled Linear
 * Pseudorandom Number Generators", ACM Transactions on Mathematical Software 47(4), 2021. The same seed gives the same numbers
 * wherever it runs; its state is filled by a mixer, so that seeds next to each other give unrelated ones.
 */
export function uniform(seed: number): () => number {
  let [a, b, c, d] = [mixed(seed, 1), mixed(seed, 2), mixed(seed, 3), mixed(seed, 4)]
  return () => {
    const sum = (a + d) | 0
    const result = (((sum << 7) | (sum >>> 25)) + a) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return (result + 0.5) / 2 ** 32
  }
}

/** Numbers of the standard normal distribution: George Marsaglia's polar method. */
export function normal(uniform: () => number): () => number {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    let [x, y, square] = [0, 0, 0]
    do {
      x = 2 * uniform() - 1
      y = 2 * uniform() - 1
      square = x * x + y * y
    } while (square >= 1)
    const factor = Math.sqrt((-2 * Math.log(square)) / square)
    spare = y * factor
    return x * factor
  }
}

// The finalizer of MurmurHash3, by Austin Appleby, on the `count`-th step from the seed.
function mixed(seed: number, count: number): number {
  let hash = Math.imul(seed, 0x9e3779b1) + Math.imul(count, 0x85ebca77)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
