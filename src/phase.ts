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
  /** Was ended from outside, which is a failure of no call. */
  isCancelled = false
  /** What every failed call threw, in program order. */
  readonly failures: unknown[] = []
  /** What the synchronization event that ends the phase throws. */
  failure: Failure | undefined
  // Shared values that calls were given and that freezing does not wholly protect.
  // How often each had been violated then.
  readonly #unprotected = new Map<Snapshot, number>()

  /** Number of calls that failed. */
  get failed(): number {
    return this.failures.length - (this.isCancelled ? 1 : 0)
  }

  /** Number of calls that ended without having come to anything. */
  get dropped(): number {
    return this.failure === undefined ? 0 : this.made - this.done - this.failed
  }

  /** Number of calls that are under way. */
  get open(): number {
    return this.failure === undefined ? this.made - this.done : 0
  }

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
    for (const snapshot of unprotected) {
      if (!this.#unprotected.has(snapshot)) this.#unprotected.set(snapshot, snapshot.violations)
    }
  }

  get mustCheckShared(): boolean {
    return this.#unprotected.size > 0
  }

  /** Freezing does not reach into typed arrays, Maps and Sets: whether anybody wrote to a shared one shows afterwards. */
  checkShared(executor: Executor, done: () => void): void {
    const given = [...this.#unprotected]
    this.#unprotected.clear()
    const isWritten = given.some(([{ graph }]) => !isIntact(graph))
    const ids = given.map(([{ id }]) => id)
    executor.checkShared(ids, (error) => {
      // Another job that finds out first has the value made anew: calls of this one may have seen what was written.
      const wasViolated = given.some(([snapshot, before]) => snapshot.violations > before)
      if (error !== undefined) for (const [snapshot] of given) snapshot.violations++
      if (error !== undefined || isWritten || wasViolated) this.failure ??= { error: error ?? sharedError() }
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
