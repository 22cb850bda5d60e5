import { learnApart, profilesOf } from '../profiles.js'
import type { BatchWatcher, Executor, ExecutorCall, Reply, Route, Unit } from '../protocol.js'
import { scheduleBy } from '../schedulers.js'
import { InPlace, type InPlaceCall } from './in-place.js'

/** An executor that hands everything on to another one: base of those that change or watch what passes. */
export class Relay implements Executor {
  protected readonly inner: Executor
  readonly isApart?: boolean
  readonly maxPending?: number
  readonly #isInPlace: boolean

  /** The calls run in place if those of the inner executor do, or if `isInPlace` says so: jobs then ask nothing else of it. */
  constructor(inner: Executor, isInPlace = inner instanceof Relay && inner.#isInPlace) {
    this.inner = inner
    if (inner.isApart !== undefined) this.isApart = inner.isApart
    if (inner.maxPending !== undefined) this.maxPending = inner.maxPending
    this.#isInPlace = isInPlace
    learnApart(this, profilesOf(inner))
    if (isInPlace) scheduleBy(this, (job) => new InPlace(job.value, (call) => this.runInPlace(call)))
  }

  /** Whether what it is given comes to that executor. */
  leadsTo(executor: Executor): boolean {
    return this.inner === executor || (this.inner instanceof Relay && this.inner.leadsTo(executor))
  }

  get name(): string {
    return this.inner.name
  }

  get importsModules(): boolean {
    return this.inner.importsModules
  }

  submit(call: ExecutorCall): void {
    this.hand(call)
  }

  flush(): void {
    this.inner.flush()
  }

  cancelled(): void {
    this.inner.cancelled?.()
  }

  poll(): boolean {
    return this.inner.poll()
  }

  block(milliseconds?: number): void {
    this.inner.block(milliseconds)
  }

  checkShared(units: readonly number[], done: (error?: unknown) => void): void {
    this.inner.checkShared(units, done)
  }

  watchBatches(watcher: BatchWatcher): void {
    this.inner.watchBatches?.(watcher)
  }

  close(): Promise<void> {
    return this.inner.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Hands a call on: to whom it is diverted, behind all that watch or change it. */
  protected hand(call: ExecutorCall): void {
    const instead = this.inner instanceof Relay ? undefined : diverted.get(innermost(call))
    const executor = instead ?? this.inner
    executor.submit(call)
  }

  /** Runs a call at once, in its caller's place and on its caller's own objects, as if there were no decorators. */
  protected runInPlace(call: InPlaceCall): unknown {
    return this.inner instanceof Relay && this.inner.#isInPlace ? this.inner.runInPlace(call) : call.run()
  }
}

const diverted = new WeakMap<ExecutorCall, Executor>()

/** Has an executor run a call instead of the one that it would come to in the end. */
export function divert(call: ExecutorCall, executor: Executor): void {
  diverted.set(innermost(call), executor)
}

/** A call that hands everything on to another one. */
export class RelayedCall implements ExecutorCall {
  readonly inner: ExecutorCall

  constructor(inner: ExecutorCall) {
    this.inner = inner
  }

  get number(): number {
    return this.inner.number
  }

  get job(): object {
    return this.inner.job
  }

  get route(): Route {
    return this.inner.route
  }

  get units(): readonly Unit[] {
    return this.inner.units
  }

  get args(): readonly unknown[] {
    return this.inner.args
  }

  get objects(): readonly number[] | undefined {
    return this.inner.objects
  }

  get recorded(): readonly number[] {
    return this.inner.recorded
  }

  get isCancelled(): boolean {
    return this.inner.isCancelled
  }

  get trace(): object | undefined {
    return this.inner.trace
  }

  began(): void {
    this.inner.began()
  }

  ran(worker: number, batch: number, times: Float64Array, i: number): void {
    this.inner.ran?.(worker, batch, times, i)
  }

  succeed(value: unknown): void {
    this.arrived(() => this.inner.succeed(value), { value })
  }

  reply(reply: Reply): void {
    this.arrived(() => this.inner.reply(reply), { reply })
  }

  fail(error: unknown): void {
    this.arrived(() => this.inner.fail(error), { error })
  }

  progressed(fraction: number): void {
    this.inner.progressed?.(fraction)
  }

  after(tell: (call: { readonly isCommitted: boolean }) => void): void {
    this.inner.after(tell)
  }

  /** What came of the call is here; `pass` hands it on. */
  protected arrived(pass: () => void, _: Arrival): void {
    pass()
  }
}

/** The call behind all that hand on to it. */
export function innermost(call: ExecutorCall): ExecutorCall {
  return call instanceof RelayedCall ? innermost(call.inner) : call
}

/** What came of a call, as its executor told it. */
export type Arrival = { readonly value: unknown } | { readonly reply: Reply } | { readonly error: unknown }
