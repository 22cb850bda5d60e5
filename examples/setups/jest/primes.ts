import { threadId } from 'node:worker_threads'
import { concurrent, Job, synchronized, TrackedMap } from 'deco-ts'

/** Counts primes, a range at a time. */
export class Primes extends Job {
  readonly counts = new TrackedMap<number, number>()

  @concurrent
  count(from: number, to: number): number {
    let count = 0
    for (let n = Math.max(2, from); n < to; n++) if (isPrime(n)) count++
    return count
  }

  /** Where a call runs. */
  @concurrent
  place(): string {
    return `${process.pid} ${threadId}`
  }

  @concurrent
  refuse(): never {
    throw new RangeError('no primes here', { cause: new TypeError('none at all') })
  }

  @concurrent
  sums(list: readonly number[], typed: Float64Array): { list: number; typed: number } {
    return { list: list.reduce((sum, n) => sum + n, 0), typed: typed.reduce((sum, n) => sum + n, 0) }
  }

  @synchronized
  async below(limit: number, step = 1000): Promise<Map<number, number>> {
    for (let from = 0; from < limit; from += step) this.counts.set(from, this.count(from, Math.min(from + step, limit)))
    return this.counts
  }
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false
  return true
}
