import type { ExecutorCall } from '../protocol.js'
import { MOST_CALLS } from '../starts.js'
import { Ahead } from './ahead.js'
import { BatchTimes, batchSize } from './batch.js'
import { Estimates } from './estimates.js'
import { Waiting } from './waiting.js'

/** What a dispatcher needs to know of a lane, and what it asks of it. */
export interface DispatchLane {
  /** Batches that have been sent and not wholly reported. */
  readonly batches: number
  /** Whether a call that is sent now can be expected to begin soon. */
  readonly isReady: boolean
  /** Number of calls that wait behind another one: all that have not begun, but for the one that is next where none is running. */
  readonly behind: number
  /** The route of the last call that was sent. */
  readonly lastRoute: number
  /** The job of the last call that has not been reported. */
  readonly lastJob: object | undefined
  /** When it was last heard of, or given something to do after a rest. */
  readonly heardAt: number
  send(calls: readonly ExecutorCall[]): void
  /** Takes back the calls that have not begun. */
  recall(): ExecutorCall[]
  /** The same, if some of them are cancelled. */
  recallCancelled(): ExecutorCall[]
}

/** Time, which is not always that of the clock on the wall. */
export interface Clock {
  /** In ms. */
  now(): number
  /** Runs something after so many ms. */
  later(milliseconds: number, run: () => void): void
}

export interface DispatcherOptions<Lane> {
  /** How many lanes there may be: where that changes, as many as there are from now on. */
  readonly lanes: number
  /** How much work makes a good batch. Default: for workers on this machine. */
  readonly times?: BatchTimes
  /** Number of calls that travel together; `'auto'` follows the time that they take. */
  readonly batch: number | 'auto'
  readonly clock: Clock
  /** Starts one more lane. `undefined` where none can be had; the calls that wait have been told. */
  start(): Lane | undefined
}

// A lane that is not heard of for so long, in ms, is at a long call: what it has besides goes to a lane that is free.
const PATIENCE = 2

/** Decides which calls travel together, when and to which lane, so that lanes are busy and end together. */
export class Dispatcher<Lane extends DispatchLane> {
  readonly lanes: Lane[] = []
  readonly #options: DispatcherOptions<Lane>
  readonly #waiting = new Waiting()
  readonly #estimates = new Estimates()
  readonly #times: BatchTimes
  readonly #ahead: Ahead
  // How many calls the largest batch had, by the route of the first of them.
  readonly #largest = new Map<number, number>()
  // Time that the calls will take that came since the last look at the lanes, in ms.
  #unsent = 0
  // Others waited already.
  #hasLeft = false
  // A job that had no calls waiting.
  #newcomer: object | undefined
  // More calls are coming.
  #isGathering = false
  // A lane is free while another one may be stuck with more than it can do.
  #isUneven = false
  #isLooking = false

  constructor(options: DispatcherOptions<Lane>) {
    this.#options = options
    this.#times = options.times ?? new BatchTimes(options.lanes)
    this.#ahead = new Ahead(this.#times.target)
  }

  /** Whether it should be looked at again soon, though nothing is reported. */
  get isUneven(): boolean {
    return this.#isUneven
  }

  /** Starts a lane if there is none. */
  prepare(): void {
    if (this.lanes.length === 0) this.#start()
  }

  /** Takes a call. Tiny ones leave when enough of them are there, or with the next `flush`; others at once. */
  submit(call: ExecutorCall): void {
    const { gathered, least } = this.#times
    const mean = this.#estimates.mean(call.route.id) ?? gathered
    if (this.#waiting.push(call)) this.#newcomer = call.job
    this.#unsent += mean
    this.#isGathering = true
    if (this.#unsent >= gathered || mean >= least) this.feed()
  }

  /** Nothing more is coming for now: whatever waits for company leaves. */
  flush(): void {
    this.#isGathering = false
    this.feed()
  }

  /** A lane may have room: it gets what is waiting, unless that is not worth a message and more is coming. */
  reported(): void {
    if (this.#isGathering && !this.#hasLeft && this.#unsent < this.#times.least) return
    this.feed()
  }

  /** Takes in how long some calls took together, `call` the first of them, in ms by the worker's own clock. */
  timed(call: ExecutorCall, milliseconds: number, calls: number): void {
    // What stands at the end of a list says nothing of what is next.
    if (!this.#ahead.timed(call, milliseconds, calls)) this.#estimates.learn(call.route.id, milliseconds, calls)
  }

  /** Gives lanes what they have room for. */
  feed(): void {
    this.#unsent = 0
    this.#isUneven = false
    this.#fill()
    if (this.#newcomer !== undefined) this.#makeWay()
    while (!this.#isGathering && this.#waiting.length === 0 && this.#balance()) this.#fill()
    this.#hasLeft = this.#waiting.length > 0
    if (!this.#hasLeft) this.#ahead.reset()
  }

  /** Takes calls before all others: they have been sent before, and have to be sent again. */
  takeBack(calls: readonly ExecutorCall[]): void {
    this.#waiting.unshift(calls)
    this.#hasLeft = true
  }

  /** Some calls have been cancelled: lanes are not to begin them. */
  dropCancelled(): void {
    for (const lane of this.lanes) this.#waiting.unshift(lane.recallCancelled())
    this.#waiting.dropCancelled()
    this.feed()
  }

  /** A lane is no more. */
  remove(lane: Lane): void {
    const at = this.lanes.indexOf(lane)
    if (at !== -1) this.lanes.splice(at, 1)
  }

  /** Takes the calls that have not been sent. */
  takeWaiting(): ExecutorCall[] {
    this.#ahead.reset()
    return this.#waiting.take(this.#waiting.length)
  }

  // Every lane gets a batch to run; then, where enough is waiting, one more for when that is done.
  #fill(): void {
    for (let depth = 0; depth < 2; depth++) {
      for (const lane of this.lanes) {
        if (this.#waiting.length === 0) return
        if (lane.batches > depth || !lane.isReady) continue
        if (depth === 1 && !this.#mayQueue()) return
        this.#send(lane)
      }
      while (depth === 0 && this.#waiting.length > 0 && this.lanes.length < this.#options.lanes) {
        const lane = this.#start()
        if (lane === undefined) return
        this.#send(lane)
      }
    }
  }

  #start(): Lane | undefined {
    const lane = this.#options.start()
    if (lane !== undefined) this.lanes.push(lane)
    return lane
  }

  // A job that comes late does not wait for all that others have sent before: that is taken back, and they take turns.
  #makeWay(): void {
    const job = this.#newcomer
    this.#newcomer = undefined
    if (this.#waiting.length === 0 || this.lanes.some(({ lastJob }) => lastJob === job)) return
    for (const lane of this.lanes)
      if (this.#timeBehind(lane) > this.#times.gathered) this.#waiting.unshift(lane.recall(), false)
  }

  // A call waits behind a running one only if it is known how long that may be, and others are left for the other lanes.
  #mayQueue(): boolean {
    return this.#waiting.length > this.lanes.length && this.#estimates.mean(this.#waiting.at(0).route.id) !== undefined
  }

  #send(lane: Lane): void {
    const { batch } = this.#options
    if (batch === 'auto' && !this.#isGathering && this.#sendLast(lane)) return
    const { atLast, gathered, parts, growth, target } = this.#times
    while (this.#waiting.length > 0) {
      const { id } = this.#waiting.at(0).route
      const largest = this.#largest.get(id) ?? 0
      const size =
        batch === 'auto'
          ? batchSize(this.#waiting, this.#estimates, {
              parts,
              growth,
              largest,
              least: this.#isGathering ? gathered : atLast,
              target: target / this.#waiting.jobs,
            })
          : Math.min(batch, MOST_CALLS)
      const calls = openOf(this.#waiting.take(size))
      if (calls.length === 0) continue
      if (calls.length > largest) this.#largest.set(id, calls.length)
      lane.send(calls)
      return
    }
  }

  // `true` if the last calls that wait have gone ahead. Jobs take turns instead.
  #sendLast(lane: Lane): boolean {
    if (this.#waiting.jobs > 1) return false
    const mean = this.#estimates.mean(this.#waiting.at(0).route.id) ?? 0
    const calls = openOf(this.#waiting.takeLast(this.#ahead.due(this.#waiting.length, this.lanes.length, mean)))
    if (calls.length === 0) return false
    this.#ahead.sent(calls)
    lane.send(calls)
    return true
  }

  // A lane that is free gets calls that wait behind others in another lane. `false` if there are none, or too few.
  #balance(): boolean {
    if (!this.lanes.some(({ batches, isReady }) => batches === 0 && isReady)) return false
    const { atLast } = this.#times
    const now = this.#options.clock.now()
    let most: Lane | undefined
    let mostTime = 0
    for (const lane of this.lanes) {
      const time = this.#timeBehind(lane)
      if (time === 0) continue
      const isStuck = now - lane.heardAt > PATIENCE + 2 * time
      if (time < 2 * atLast && !isStuck) this.#lookAgain()
      else if (time > mostTime) {
        most = lane
        mostTime = time
      }
    }
    if (most === undefined) return false
    this.#waiting.unshift(most.recall())
    return true
  }

  // How long what waits behind a call there will take.
  #timeBehind(lane: Lane): number {
    const behind = lane.batches === 0 ? 0 : lane.behind
    return behind * (this.#estimates.mean(lane.lastRoute) ?? this.#times.least)
  }

  // What waits behind a call that turns out to be long is not told by any report.
  #lookAgain(): void {
    this.#isUneven = true
    if (this.#isLooking) return
    this.#isLooking = true
    this.#options.clock.later(PATIENCE, () => {
      this.#isLooking = false
      if (this.#isUneven) this.feed()
    })
  }
}

function openOf(calls: ExecutorCall[]): ExecutorCall[] {
  return calls.some(({ isCancelled }) => isCancelled) ? calls.filter(({ isCancelled }) => !isCancelled) : calls
}
