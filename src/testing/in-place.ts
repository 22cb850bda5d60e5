import { PendingReadError } from '../errors.js'
import { Future } from '../future.js'
import type { JobMethod } from '../job-method.js'
import type { CallScheduler } from '../schedulers.js'
import { Promised } from '../targets/promised.js'
import { type Failure, tellAtExit, told } from '../untold.js'
import { runAsCall } from '../worker/context.js'

/** A call of a concurrent method that runs where it is made. */
export interface InPlaceCall {
  /** Its place among the calls of its job, from 1 on. */
  readonly number: number
  /** What users call its method: `Climate.processLatLon`. */
  readonly name: string
  readonly job: object
  readonly args: readonly unknown[]
  run(): unknown
}

/**
 * The calls of one job where each runs at once and in its caller's place. A call gives the plain value that its method returned,
 * or throws what it threw; an async one gives a Future, as calls do everywhere, and the next synchronization event waits for it.
 */
export class InPlace implements CallScheduler {
  readonly #job: object
  readonly #run: (call: InPlaceCall) => unknown
  // Async calls that have not ended.
  readonly #open = new Set<PromisedCall>()
  // Of the present phase, or of the last one until the next call is made.
  #failed: FailedCall[] = []
  #failure: Failure | undefined
  #isOver = false
  #waiting: (() => void)[] = []
  #number = 0

  constructor(job: object, run: (call: InPlaceCall) => unknown) {
    this.#job = job
    this.#run = run
  }

  /** Number of async calls that have not ended. */
  get pending(): number {
    return this.#open.size
  }

  /** What every failed call of the present or last phase threw, in program order. */
  get failures(): readonly unknown[] {
    return this.#failed.map(({ error }) => error)
  }

  call({ entry, route }: JobMethod, args: readonly unknown[]): unknown {
    this.#begin()
    const number = ++this.#number
    const run = () => runAsCall(entry.run, this.#job, [...args])
    let result: unknown
    try {
      result = this.#run({ number, name: route.name, job: this.#job, args, run })
    } catch (error) {
      this.#note({ number, error })
      throw error
    }
    if (!(result instanceof Promise)) return result
    const call = new PromisedCall(result, number, route.name, (ended) => this.#ended(ended))
    this.#open.add(call)
    return new Future(call)
  }

  async room(): Promise<void> {}

  /** Waits for the async calls of the phase, and throws the first error among them. */
  async wait(): Promise<void> {
    while (this.#open.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#finish()
  }

  waitSync(): void {
    if (this.#open.size > 0)
      throw new PendingReadError(
        'Cannot block on an async concurrent method that runs in place: it needs the thread that would be blocked. Way out: make ' +
          'the @synchronized method async, or use threads().',
      )
    this.#finish()
  }

  blocking<T>(_: boolean, run: () => T): T {
    return run()
  }

  through(): void {}

  // What runs in its caller's place is over when anybody could be told.
  tellProgress(): void {}

  cancel(reason: unknown): void {
    if (this.#open.size === 0) return
    this.#open.clear()
    this.#note({ number: 0, error: reason })
    this.#failure = { error: reason }
    this.#wake()
  }

  #begin(): void {
    if (!this.#isOver) return
    this.#isOver = false
    this.#failed = []
  }

  #ended(call: PromisedCall): void {
    // One of a job that was cancelled is nobody's business any more.
    if (!this.#open.delete(call)) return
    if (call.isRejected) {
      this.#note({ number: call.number, error: call.result, failure: call.failure })
      tellAtExit(call.failure)
    }
    if (this.#open.size === 0) this.#wake()
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }

  #note(failed: FailedCall): void {
    this.#failed.push(failed)
    this.#failed.sort((a, b) => a.number - b.number)
  }

  // What a call that was not async threw, its caller has been told.
  #finish(): void {
    this.#isOver = true
    const failures = this.#failed.flatMap(({ failure }) => failure ?? [])
    for (const failure of failures) told(failure)
    const first = this.#failure ?? failures[0]
    this.#failure = undefined
    for (const failed of this.#failed) failed.failure = undefined
    if (first !== undefined) throw first.error
  }
}

interface FailedCall {
  readonly number: number
  readonly error: unknown
  /** What the next synchronization event throws. */
  failure?: Failure | undefined
}

/** An async call that runs in place. */
class PromisedCall extends Promised {
  readonly number: number
  readonly #name: string
  readonly #ended: (call: PromisedCall) => void
  #failure: Failure | undefined

  constructor(promise: Promise<unknown>, number: number, name: string, ended: (call: PromisedCall) => void) {
    super(promise)
    this.number = number
    this.#name = name
    this.#ended = ended
  }

  /** What it failed with. */
  get failure(): Failure {
    this.#failure ??= { error: this.result }
    return this.#failure
  }

  describe(): string {
    return `call ${this.number} of ${this.#name}`
  }

  told(): void {
    told(this.failure)
  }

  protected override ended(): void {
    this.#ended(this)
  }
}
