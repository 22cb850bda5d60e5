import { sharedError } from './conflicts.js'
import type { Executor } from './protocol.js'
import { type Failure, tellAtExit, told } from './untold.js'
import { isIntact } from './values/patch.js'
import type { Snapshot } from './values/snapshot.js'

/** What happens between two synchronization events. */
export class Phase {
  /** Calls that have been made, and those of them that are committed. */
  made = 0
  done = 0
  /** What every failed call threw, in program order. */
  readonly failures: unknown[] = []
  /** What the synchronization event that ends the phase throws. */
  failure: Failure | undefined
  // Shared values that calls were given and that freezing does not wholly protect.
  readonly #unprotected = new Set<Snapshot>()

  /** Fails with the first of these errors, which nobody has been told yet. */
  fail(errors: readonly unknown[]): void {
    this.failure = { error: errors[0] }
    this.failures.push(...errors)
    tellAtExit(this.failure)
  }

  /** The program has been told an error. */
  told(error: unknown): void {
    if (this.failure !== undefined && this.failure.error === error) told(this.failure)
  }

  /** Notes shared values that have to be checked at the end. */
  give(unprotected: readonly Snapshot[]): void {
    for (const snapshot of unprotected) this.#unprotected.add(snapshot)
  }

  get mustCheckShared(): boolean {
    return this.#unprotected.size > 0
  }

  /** Freezing does not reach into typed arrays, Maps and Sets: whether anybody wrote to a shared one shows afterwards. */
  checkShared(executor: Executor, done: () => void): void {
    const isWritten = [...this.#unprotected].some(({ graph }) => !isIntact(graph))
    this.#unprotected.clear()
    executor.checkShared((error) => {
      if (error !== undefined || isWritten) this.failure ??= { error: error ?? sharedError() }
      done()
    })
  }

  /** Throws what the phase failed with. */
  end(): void {
    if (this.failure === undefined) return
    told(this.failure)
    throw this.failure.error
  }
}
