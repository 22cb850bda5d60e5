import { concurrent, Job, synchronized, TrackedMap } from 'deco-ts'
import { digest, last, nothing, scan, sleep } from '../work.js'

/** Calls one of its methods with each argument of a list. */
export class Calls extends Job {
  readonly results = new TrackedMap<number, number>()

  @concurrent
  nothing(n: number): number {
    return nothing(n)
  }

  @concurrent
  digest(bytes: number): number {
    return digest(bytes)
  }

  @concurrent
  last(array: readonly number[]): number {
    return last(array)
  }

  @concurrent
  scan(array: ArrayLike<number>): number {
    return scan(array)
  }

  @concurrent
  sleep(milliseconds: number): number {
    return sleep(milliseconds)
  }

  @synchronized
  async each(method: Method, list: readonly never[], onFirst?: () => void): Promise<Map<number, number>> {
    const call = methods[method]
    for (let i = 0; i < list.length; i++) this.results.set(i, call(this, list[i]!))
    if (onFirst !== undefined) this.results.settled(0).then(onFirst)
    return this.results
  }

  /** Makes so many calls, of which no more are pending than the executor allows, and keeps the results of the last thousand. */
  @synchronized
  async pass(calls: number): Promise<Map<number, number>> {
    for (let n = 0; n < calls; n++) {
      if (n % 100 === 0) await this.room()
      this.results.set(n % 1000, this.nothing(n))
    }
    return this.results
  }

  @synchronized
  eachBlocking(method: Method, list: readonly never[], onFirst?: () => void): Map<number, number> {
    const call = methods[method]
    for (let i = 0; i < list.length; i++) this.results.set(i, call(this, list[i]!))
    if (onFirst !== undefined && this.results.get(0) !== undefined) onFirst()
    return this.results
  }
}

const methods = {
  nothing: (calls: Calls, n: number) => calls.nothing(n),
  digest: (calls: Calls, bytes: number) => calls.digest(bytes),
  last: (calls: Calls, array: readonly number[]) => calls.last(array),
  scan: (calls: Calls, array: ArrayLike<number>) => calls.scan(array),
  sleep: (calls: Calls, milliseconds: number) => calls.sleep(milliseconds),
}

type Method = keyof typeof methods
