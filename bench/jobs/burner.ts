import { concurrent, Job, synchronized } from 'deco-ts'

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
