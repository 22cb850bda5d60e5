import { DecoError, SerializationError, WorkerCrashError } from '../errors.js'
import { closedError, type WorkerEnd } from '../executors/deaths.js'
import { decodeFailure } from '../executors/decode-failure.js'
import { Dispatcher } from '../executors/dispatcher.js'
import { Intake } from '../executors/intake.js'
import { Sent } from '../executors/sent.js'
import type { BatchWatcher, Executor, ExecutorCall, Unit } from '../protocol.js'
import { sizeOfArguments, sizeOfGraph } from '../values/sizes.js'
import type { FailedBatch, FromBridge, ProducerOptions, TakenReport } from './bridge-messages.js'
import { LONGEST_MESSAGE, LONGEST_UNIT } from './limits.js'
import { Link } from './link.js'
import { QueueLane, type QueueLaneOwner } from './queue-lane.js'
import { QueueTimes } from './queue-times.js'

// While a producing loop runs, results are looked for after every so many calls.
const POLL_EVERY = 32
// A blocked thread is told nothing when the thread for Redis dies: it looks after so many ms without a message.
const CHECK_EVERY = 100
// As long as no host has been heard of, so many batches are under way.
const FIRST_LANES = 4
// So often a batch is sent anew that Redis has lost.
const MOST_RESENT = 8

/** What the main thread's side of a queue goes by. */
export interface QueueExecutorOptions extends ProducerOptions {
  readonly batch: number | 'auto'
  readonly maxPending: number
}

/** Runs calls on the hosts that serve a queue, wherever they are. */
export class QueueExecutor implements Executor, QueueLaneOwner {
  readonly name = 'bullmq'
  readonly isApart = true
  readonly importsModules = true
  readonly longest = LONGEST_UNIT
  readonly maxPending: number
  readonly #options: QueueExecutorOptions
  readonly #times = new QueueTimes()
  readonly #dispatcher: Dispatcher<QueueLane>
  readonly #underWay = new Map<number, QueueLane>()
  readonly #batchWatchers: BatchWatcher[] = []
  // Shared values that calls have written to, by the ids of their units.
  readonly #written = new Map<number, unknown>()
  // So many calls may travel with one: see `QueueLane`.
  readonly #mostWith = new WeakMap<ExecutorCall, number>()
  readonly #intake = new Intake()
  #link: Link | undefined
  #sent = new Sent()
  // The bridge may not know what it was told.
  #isForgotten = false
  // The last units that were not too long.
  #lastUnits: readonly Unit[] | undefined
  #made = 0
  // How often calls may have been told something.
  #news = 0
  #unpolled = 0
  #isFlushing = false
  #isClosed = false
  // Gives the reason why nothing can be sent at all, for each call anew.
  #broken: (() => unknown) | undefined

  constructor(options: QueueExecutorOptions) {
    this.#options = options
    this.maxPending = options.maxPending
    this.#times.lanes = FIRST_LANES
    const times = this.#times
    this.#dispatcher = new Dispatcher({
      get lanes() {
        return times.lanes
      },
      times,
      batch: options.batch,
      clock: { now: () => performance.now(), later: (milliseconds, run) => setTimeout(run, milliseconds) },
      start: () => new QueueLane(this, this.#mostWith),
    })
  }

  submit(call: ExecutorCall): void {
    if (this.#isClosed || this.#broken !== undefined) {
      call.fail(this.#isClosed ? closedError(call) : this.#broken!())
      return
    }
    const fault = this.#tooLong(call)
    if (fault !== undefined) {
      call.fail(fault)
      return
    }
    this.#dispatcher.submit(call)
    if (++this.#unpolled >= POLL_EVERY) this.poll()
    if (this.#isFlushing) return
    this.#isFlushing = true
    setImmediate(() => {
      this.#isFlushing = false
      this.flush()
    })
  }

  flush(): void {
    this.#dispatcher.flush()
  }

  poll(): boolean {
    this.#unpolled = 0
    const any = this.#intake.takeRest()
    return (this.#link?.poll() ?? false) || any
  }

  block(milliseconds = Number.POSITIVE_INFINITY): void {
    const news = this.#news
    this.flush()
    const until = performance.now() + milliseconds
    for (let left = milliseconds; left > 0 && !this.poll() && news === this.#news; left = until - performance.now()) {
      if (this.#link === undefined) return
      this.#link.sleep(Math.min(left, CHECK_EVERY))
      if (this.#link.hasEnded && !this.poll()) this.#break(() => bridgeError({}))
    }
  }

  // Hosts look after every batch, before they report: every report that a phase waits for has been taken in.
  checkShared(units: readonly number[], done: (error?: unknown) => void): void {
    const errors = units.flatMap((id) => (this.#written.has(id) ? [this.#written.get(id)] : []))
    for (const id of units) this.#written.delete(id)
    done(errors[0])
  }

  watchBatches(watcher: BatchWatcher): void {
    this.#batchWatchers.push(watcher)
  }

  cancelled(): void {
    for (const [batch, lane] of this.#underWay) {
      const calls = lane.cancelled
      if (calls.length > 0) this.#link!.post({ cancel: batch, calls })
    }
    this.#dispatcher.dropCancelled()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#failAll(closedError)
    await this.#link?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  sent(lane: QueueLane, calls: readonly ExecutorCall[]): void {
    this.#link ??= this.#start()
    this.#post(lane, calls, false)
    const worker = this.#dispatcher.lanes.indexOf(lane)
    for (const watcher of this.#batchWatchers)
      watcher(worker === -1 ? this.#dispatcher.lanes.length : worker + 1, lane.batch, calls)
  }

  over(calls: readonly ExecutorCall[]): void {
    this.#dispatcher.takeBack(calls)
  }

  timed(call: ExecutorCall, milliseconds: number, calls: number): void {
    this.#dispatcher.timed(call, milliseconds, calls)
  }

  #start(): Link {
    return new Link(
      this.#options,
      (message) => this.#take(message),
      (end) => this.#break(() => bridgeError(end)),
    )
  }

  #post(lane: QueueLane, calls: readonly ExecutorCall[], isAnew: boolean): void {
    isAnew ||= this.#isForgotten
    this.#isForgotten = false
    if (isAnew) this.#sent = new Sent()
    const { transfer: _, ...content } = this.#sent.pack(calls)
    lane.batch = ++this.#made
    this.#underWay.set(lane.batch, lane)
    this.#link!.isAwaited = true
    this.#link!.post({ batch: lane.batch, content, isAnew })
  }

  #take(message: FromBridge): void {
    if ('report' in message) this.#report(message.report)
    else if ('lost' in message) this.#resend(message.lost)
    else if ('failed' in message) this.#failBatch(message)
    else if ('lanes' in message) this.#learnLanes(message.lanes)
    else this.#break(() => decodeFailure(message.broken))
    if (this.#underWay.size === 0 && this.#link !== undefined) this.#link.isAwaited = false
    this.#news++
    if (!this.#isClosed) this.#dispatcher.reported()
  }

  #report(report: TakenReport): void {
    const lane = this.#underWay.get(report.batch)
    if (lane === undefined) return
    for (const [unit, error] of report.written) this.#written.set(unit, decodeFailure(error))
    const { arrival, fault } = lane.take(report)
    if (report.isLast && fault === undefined) this.#underWay.delete(report.batch)
    if (arrival !== undefined) this.#intake.take(arrival)
    if (fault !== undefined) this.#fail(report.batch, () => faultError(fault))
  }

  #resend(batch: number): void {
    const lane = this.#underWay.get(batch)
    if (lane === undefined) return
    this.#underWay.delete(batch)
    const left = lane.narrow()
    if (left.length === 0) return
    if (++lane.resent <= MOST_RESENT) this.#post(lane, left, true)
    else lane.fail((call) => lostError(call))
  }

  // What one call cannot be sent with, or is refused for, is not the fault of those before it.
  #failBatch({ failed, error, isDivisible = false }: FailedBatch): void {
    const calls = isDivisible ? this.#underWay.get(failed)?.divide() : undefined
    if (calls === undefined) this.#fail(failed, () => decodeFailure(error))
    else {
      this.#underWay.delete(failed)
      this.#dispatcher.takeBack(calls)
    }
    if (isDivisible) this.#isForgotten = true
  }

  // Before anything is made of it for the way.
  #tooLong(call: ExecutorCall): SerializationError | undefined {
    let [size, most] = [sizeOfArguments(call), LONGEST_MESSAGE]
    if (size <= most && call.units !== this.#lastUnits) {
      size = Math.max(...call.units.map(({ encoded }) => sizeOfGraph(encoded)))
      most = LONGEST_UNIT
      if (size <= most) this.#lastUnits = call.units
    }
    if (size <= most) return undefined
    return new SerializationError(
      `Cannot send what ${call.route.name} is given to another machine: it takes ${size} bytes, and the most is ${most}. Way out: pass it ` +
        'in parts, or where to find it.',
    )
  }

  #fail(batch: number, errorOf: () => unknown): void {
    const lane = this.#underWay.get(batch)
    this.#underWay.delete(batch)
    lane?.fail(errorOf)
  }

  // One batch for every lane of a host, and one that waits.
  #learnLanes(lanes: number): void {
    this.#times.lanes = Math.max(FIRST_LANES, 2 * lanes)
  }

  #break(error: () => unknown): void {
    this.#broken = error
    this.#failAll(error)
  }

  #failAll(errorOf: (call: ExecutorCall) => unknown): void {
    this.#news++
    const lanes = [...this.#underWay.values()]
    this.#underWay.clear()
    for (const lane of lanes) lane.fail(errorOf)
    for (const call of this.#dispatcher.takeWaiting()) call.fail(errorOf(call))
  }
}

function bridgeError({ error, exitCode }: WorkerEnd): WorkerCrashError {
  return new WorkerCrashError(
    'Cannot reach any host: the thread that speaks with Redis has ended. Way out: make a new executor; if it happens again, please ' +
      'report it.',
    { exitCode },
    error && { cause: error[0] },
  )
}

function lostError({ route }: ExecutorCall): DecoError {
  return new DecoError(
    `Cannot run ${route.name}: Redis has lost it ${MOST_RESENT} times. Way out: give Redis memory enough, and the policy noeviction.`,
  )
}

function faultError(fault: string): DecoError {
  return new DecoError(
    `Cannot take in what a host reports: ${fault}, against the protocol of deco-ts. Way out: run the same version of deco-ts on every ` +
      'machine; if that is so, please report it.',
  )
}
