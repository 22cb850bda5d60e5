import { concurrent, Job, synchronized, TrackedMap } from 'deco-ts'
import { nothing } from '../work.js'

/** Calls for long runs, and such as never end. */
export class Steady extends Job {
  readonly results = new TrackedMap<number, number>()

  @concurrent
  nothing(n: number): number {
    return nothing(n)
  }

  @concurrent
  lengthOf({ list }: { readonly list: readonly number[] }): number {
    return list.length
  }

  /** Never ends; sets the flag when it begins. */
  @concurrent
  loop(flag: Int32Array): void {
    Atomics.store(flag, 0, 1)
    for (;;);
  }

  /** Makes so many calls, every tenth of them with an object of its own. */
  @synchronized
  async pass(calls: number): Promise<Map<number, number>> {
    for (let n = 0; n < calls; n++) {
      if (n % 100 === 0) await this.room()
      this.results.set(n % 1000, n % 10 === 0 ? this.lengthOf({ list: [n, n] }) : this.nothing(n))
    }
    return this.results
  }
}
