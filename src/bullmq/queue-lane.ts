import { Arrival } from '../executors/arrival.js'
import type { DispatchLane } from '../executors/dispatcher.js'
import type { ExecutorCall } from '../protocol.js'
import { sizeOfArguments, sizeOfGraph } from '../values/sizes.js'
import type { TakenReport } from './bridge-messages.js'
import { LONG_BATCH } from './limits.js'

/** Who a lane tells what happens on it. */
export interface QueueLaneOwner {
  sent(lane: QueueLane, calls: readonly ExecutorCall[]): void
  /** There are more calls than can travel together. */
  over(calls: readonly ExecutorCall[]): void
  timed(call: ExecutorCall, milliseconds: number, calls: number): void
}

/**
 * Room for one batch on whatever host takes it. What is in the queue cannot be taken back without asking, and need not be: it goes
 * to the next host that is free.
 */
export class QueueLane implements DispatchLane {
  readonly #owner: QueueLaneOwner
  // So many calls may travel with one, where more have failed.
  readonly #mostWith: WeakMap<ExecutorCall, number>
  #calls: readonly ExecutorCall[] = []
  // Places of calls that are told what came of them, or were.
  #told = new Set<number>()
  /** The number of the batch that is under way. */
  batch = 0
  batches = 0
  lastRoute = 0
  heardAt = 0
  /** How often the batch was sent anew. */
  resent = 0
  readonly behind = 0

  constructor(owner: QueueLaneOwner, mostWith: WeakMap<ExecutorCall, number>) {
    this.#owner = owner
    this.#mostWith = mostWith
  }

  get isReady(): boolean {
    return this.batches === 0
  }

  get lastJob(): object | undefined {
    return this.batches === 0 ? undefined : this.#calls.at(-1)!.job
  }

  send(given: readonly ExecutorCall[]): void {
    const calls = given.slice(0, this.#countOf(given))
    if (calls.length < given.length) this.#owner.over(given.slice(calls.length))
    this.#calls = calls
    this.#told = new Set()
    this.batches = 1
    this.resent = 0
    this.lastRoute = calls.at(-1)!.route.id
    this.heardAt = performance.now()
    this.#owner.sent(this, calls)
    for (const call of calls) call.began()
  }

  recall(): ExecutorCall[] {
    return []
  }

  recallCancelled(): ExecutorCall[] {
    return []
  }

  /** Leaves out the calls of which nobody waits to be told, before the rest is sent again. */
  narrow(): readonly ExecutorCall[] {
    this.#calls = this.#open
    this.#told = new Set()
    if (this.#calls.length === 0) this.#end()
    return this.#calls
  }

  /** The places of calls that nobody waits for any more. */
  get cancelled(): number[] {
    return [...this.#calls.keys()].filter((place) => this.#calls[place]!.isCancelled && !this.#told.has(place))
  }

  /**
   * Takes in what came of calls, who are to be told. One that was told before is not told again: its host may have been taken for
   * dead.
   */
  take(report: TakenReport): { readonly arrival?: Arrival; readonly fault?: string } {
    const { places, values, times, isLast } = report
    const of = places ?? [...this.#calls.keys()]
    if (of.length !== values.length || !of.every((place) => place < this.#calls.length))
      return { fault: 'it is of other calls' }
    this.heardAt = performance.now()
    this.#learn(of, times)
    const arrival = new Arrival(
      of.map((place) => this.#takeUntold(place)),
      report,
    )
    if (!isLast) return { arrival }
    if (this.#open.length > 0) return { arrival, fault: 'it has not told of every call' }
    this.#end()
    return { arrival }
  }

  #takeUntold(place: number): ExecutorCall | undefined {
    if (this.#told.has(place)) return undefined
    this.#told.add(place)
    return this.#calls[place]
  }

  // No time at all means that the host does not know.
  #learn(of: readonly number[], times: TakenReport['times']): void {
    const learn = (place: number, time: number, calls: number) => {
      if (time > 0) this.#owner.timed(this.#calls[place]!, time, calls)
    }
    if (typeof times !== 'number') for (const [i, time] of times.entries()) learn(of[i]!, time, 1)
    else if (of.length > 0) learn(of[0]!, times, of.length)
  }

  /** Tells what is open that it cannot be run. */
  fail(errorOf: (call: ExecutorCall) => unknown): void {
    const open = this.#open
    for (const place of this.#calls.keys()) this.#told.add(place)
    this.#end()
    for (const call of open) call.fail(errorOf(call))
  }

  /** Takes out the calls that have not been told, to be sent again, half as many together. `undefined` where there is but one. */
  divide(): ExecutorCall[] | undefined {
    if (this.#calls.length < 2) return undefined
    const most = this.#calls.length >> 1
    const open = this.#open
    for (const call of open) this.#mostWith.set(call, most)
    this.#end()
    return open
  }

  // How many calls, from the first on, can travel together.
  #countOf(calls: readonly ExecutorCall[]): number {
    let size = 0
    let most = calls.length
    let last: ExecutorCall | undefined
    for (let i = 0; i < calls.length; i++) {
      const call = calls[i]!
      most = Math.min(most, this.#mostWith.get(call) ?? most)
      size += sizeOfArguments(call)
      if (call.units !== last?.units) for (const { encoded } of call.units) size += sizeOfGraph(encoded)
      last = call
      if (i > 0 && (i >= most || size > LONG_BATCH)) return i
    }
    return calls.length
  }

  get #open(): ExecutorCall[] {
    return this.#calls.filter((call, place) => !call.isCancelled && !this.#told.has(place))
  }

  #end(): undefined {
    this.batches = 0
    this.#calls = []
  }
}
