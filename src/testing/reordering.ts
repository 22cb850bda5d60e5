import { PendingReadError } from '../errors.js'
import { closedError } from '../executors/deaths.js'
import { learnApart, type Profiles } from '../profiles.js'
import type { Executor, ExecutorCall } from '../protocol.js'
import { decodeAlone } from '../values/graph.js'
import { Finished } from '../worker/ending.js'
import { Runner } from '../worker/run.js'

/** A call that has not been delivered. */
export interface OpenCall {
  /** Its place among the calls that the executor was given, from 1 on. */
  readonly place: number
  /** Its place among those of its job. */
  readonly number: number
  readonly name: string
}

/** Decides in which order calls run and are delivered. */
export interface Order {
  readonly name: string
  /** Whether a call is delivered as soon as it has run. Otherwise there are two steps to a call, and others may come between. */
  readonly isWhole: boolean
  /** Which of these calls takes its next step. */
  next(open: readonly OpenCall[]): number
  /** Whether a step is taken while the producing loop still runs. */
  isEarly(): boolean
  /** A call is about to run. */
  ran?(call: OpenCall): void
  /** A call is delivered. */
  delivered?(call: OpenCall): void
}

interface Entry extends OpenCall {
  readonly call: ExecutorCall
  /** Hands on what came of the call, once it has run. */
  deliver: (() => void) | undefined
}

/** Runs calls in this thread, with the same snapshots and commits as workers, in an order that somebody else decides. */
export class Reordering implements Executor {
  readonly importsModules = false
  readonly #order: Order
  readonly #runner = new Runner(() => undefined)
  // What the runner has been told of; it keeps the units for as long as anything is open, as async calls overlap.
  readonly #routes = new Set<number>()
  readonly #units = new Set<number>()
  // In the order in which they came: those that have not run, and those that have not been delivered.
  readonly #open: Entry[] = []
  // Async calls that are under way.
  readonly #running = new Set<Entry>()
  #submitted = 0
  #isDraining = false
  #isClosed = false

  /** With `profiles`, which calls wait for each other depends on what has run with these alone. */
  constructor(order: Order, profiles?: Profiles) {
    this.#order = order
    if (profiles !== undefined) learnApart(this, profiles)
  }

  get name(): string {
    return this.#order.name
  }

  submit(call: ExecutorCall): void {
    if (this.#isClosed) {
      call.fail(closedError(call))
      return
    }
    this.#open.push({ call, place: ++this.#submitted, number: call.number, name: call.route.name, deliver: undefined })
    while (this.#canStep && this.#order.isEarly()) this.#step()
    this.#drainLater()
  }

  flush(): void {
    this.#drainLater()
  }

  poll(): boolean {
    return false
  }

  block(): void {
    while (this.#canStep) if (this.#step()) return
    if (this.#running.size === 0) throw new Error(`Cannot block on ${this.name}: it has no calls.`)
    throw new PendingReadError(
      `Cannot block on an async concurrent method under ${this.name}: it needs the thread that would be blocked. Make the ` +
        '@synchronized method async, or use threads().',
    )
  }

  checkShared(units: readonly number[], done: (error?: unknown) => void): void {
    const error = this.#runner.checkShared(units)
    done(error === null ? undefined : decodeAlone(error))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const entries = [...this.#open.splice(0), ...this.#running]
    this.#running.clear()
    for (const { call } of entries.sort((a, b) => a.place - b.place)) call.fail(closedError(call))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  get #canStep(): boolean {
    return this.#open.length > 0 && !(this.#order.isWhole && this.#running.size > 0)
  }

  #drainLater(): void {
    if (this.#isDraining || !this.#canStep) return
    this.#isDraining = true
    setImmediate(() => {
      this.#isDraining = false
      while (this.#canStep) this.#step()
    })
  }

  // Whether a call was delivered.
  #step(): boolean {
    const [entry] = this.#open.splice(this.#order.next(this.#open), 1) as [Entry]
    if (entry.deliver === undefined) return !entry.call.isCancelled && this.#run(entry)
    this.#deliver(entry)
    return true
  }

  #run(entry: Entry): boolean {
    const { call } = entry
    this.#order.ran?.(entry)
    this.#learn(call)
    call.began()
    const ids = call.units.map(({ id }) => id)
    let result: unknown
    try {
      result = this.#runner.run(call.route.id, ids, call.args.slice(), call.objects, call.recorded)
    } catch (error) {
      return this.#ran(entry, () => call.fail(error))
    }
    if (!(result instanceof Promise)) return this.#ran(entry, () => settle(call, result))
    this.#running.add(entry)
    void result.then((value) => {
      // Otherwise the executor has been closed, and the call has been told.
      if (!this.#running.delete(entry)) return
      this.#ran(entry, () => settle(call, value))
      this.#drainLater()
    })
    return false
  }

  #learn({ route, units }: ExecutorCall): void {
    const fresh = units.filter(({ id }) => !this.#units.has(id))
    this.#runner.learn(this.#routes.has(route.id) ? [] : [route], fresh)
    this.#routes.add(route.id)
    for (const { id } of fresh) this.#units.add(id)
  }

  #ran(entry: Entry, deliver: () => void): boolean {
    entry.deliver = deliver
    if (this.#order.isWhole) {
      this.#deliver(entry)
      return true
    }
    const later = this.#open.findIndex(({ place }) => place > entry.place)
    this.#open.splice(later === -1 ? this.#open.length : later, 0, entry)
    return false
  }

  #deliver(entry: Entry): void {
    if (this.#open.length === 0 && this.#running.size === 0) {
      this.#runner.forget([...this.#units])
      this.#units.clear()
    }
    this.#order.delivered?.(entry)
    entry.deliver!()
  }
}

function settle(call: ExecutorCall, result: unknown): void {
  if (result instanceof Finished) call.reply(result.reply)
  else call.succeed(result)
}
