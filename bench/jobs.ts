// The classes that the benches run, compiled with everything else: Node.js does not know decorators yet.

import { concurrent, Job, synchronized, TrackedMap } from 'deco-ts'

export class Nothing extends Job {
  readonly results = new TrackedMap<number, number>()

  @concurrent
  nothing(n: number): number {
    return n
  }

  @synchronized
  async callAsync(calls: number): Promise<void> {
    for (let n = 0; n < calls; n++) this.results.set(n, this.nothing(n))
  }

  @synchronized
  callBlocking(calls: number): void {
    for (let n = 0; n < calls; n++) this.results.set(n, this.nothing(n))
  }
}

export class Burner extends Job {
  /** Keeps a processor busy. */
  @concurrent
  burn(milliseconds: number): void {
    const end = performance.now() + milliseconds
    while (performance.now() < end) {}
  }

  @synchronized
  async burnAll(calls: number, milliseconds: number): Promise<void> {
    for (let call = 0; call < calls; call++) this.burn(milliseconds)
  }
}
