import { concurrent, Job, synchronized, TrackedArray } from 'deco-ts'

export class PrimeCount extends Job {
  readonly counts = new TrackedArray<number>()

  @concurrent
  countPrimes(from: number, to: number): number {
    return countPrimes(from, to)
  }

  // Not async: it blocks, each read of a pending element waits for that element, and a plain number comes back.
  @synchronized
  countBelow(limit: number, step: number): number {
    for (let from = 0; from < limit; from += step) this.counts.push(this.countPrimes(from, from + step))
    return this.counts.reduce((total, count) => total + count, 0)
  }
}

export function countPrimes(from: number, to: number): number {
  let count = 0
  for (let candidate = Math.max(from, 2); candidate < to; candidate++) if (isPrime(candidate)) count++
  return count
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) return false
  return true
}
