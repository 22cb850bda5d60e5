import { availableParallelism } from 'node:os'
import { COPY, MADE_BY } from '../copies.js'
import type { BatchWatcher, Executor, ExecutorCall } from '../protocol.js'
import type { Arrival } from './arrival.js'
import type { BatchTimes } from './batch.js'
import { closedError } from './deaths.js'
import { Dispatcher } from './dispatcher.js'
import { Intake } from './intake.js'
import { Lane, type LaneOwner, type StartWorker } from './lane.js'
import { Watch } from './watch.js'
import type { WorkerOptions } from './worker-options.js'

// While a producing loop runs, results are looked for after every so many calls.
const POLL_EVERY = 32
// A blocked thread is told nothing when a worker dies, nor when a lane is stuck: it looks after so many ms without a report.
const CHECK_EVERY = 100
const LOOK_EVERY = 2
// Workers with calls that have a timeout, or are cancelled, are looked at every so many ms.
const WATCH_EVERY = 10

/** What distinguishes one kind of workers from another. */
export interface WorkerKind {
  /** What users call an executor that has such workers. */
  readonly name: string
  /** They are other processes. */
  readonly isApart: boolean
  readonly start: StartWorker
  /** How much work makes a good batch. Default: where a program waits for each result. */
  readonly times?: BatchTimes
}

/** Runs calls on workers, each of them fed through a lane. They start with the first calls. */
export class LaneExecutor implements Executor, LaneOwner {
  readonly [MADE_BY] = COPY
  readonly name: string
  readonly most: number
  readonly isApart: boolean
  readonly importsModules = true
  readonly maxPending: number
  readonly #idleTimeout: number
  readonly #startWorker: StartWorker
  readonly #answered = new Int32Array(new SharedArrayBuffer(4))
  readonly #dispatcher: Dispatcher<Lane>
  readonly #watcher: Watch<Lane>
  readonly #batchWatchers: BatchWatcher[] = []
  // Lanes in the order of their first batch that somebody watched, and how many it has had since.
  readonly #watchedLanes = new Map<Lane, { readonly worker: number; batches: number }>()
  // Workers that are being stopped.
  readonly #stopping = new Set<Promise<void>>()
  readonly #intake = new Intake()
  #seen = 0
  // How often calls may have been told something.
  #news = 0
  #unpolled = 0
  #isFlushing = false
  #idle: NodeJS.Timeout | undefined
  #watching: NodeJS.Timeout | undefined
  #isClosed = false

  /** @throws {RangeError} for options that are out of range */
  constructor({ name, isApart, start, times }: WorkerKind, options: WorkerOptions) {
    const {
      workers = workersFromEnvironment() ?? availableParallelism(),
      batch = 'auto',
      maxPending = 1_000_000,
      idleTimeout = 30_000,
      recycleAbove,
    } = options
    this.name = name
    this.most = positive(`${name}({ workers })`, workers)
    this.isApart = isApart
    this.#dispatcher = new Dispatcher({
      lanes: this.most,
      batch: batch === 'auto' ? batch : positive(`${name}({ batch })`, batch),
      ...(times && { times }),
      clock: { now: () => performance.now(), later: (milliseconds, run) => setTimeout(run, milliseconds) },
      start: () => this.#start(),
    })
    this.#watcher = new Watch(() => this.#dispatcher.lanes)
    this.maxPending = positive(`${name}({ maxPending })`, maxPending)
    this.#idleTimeout = positiveTime(`${name}({ idleTimeout })`, idleTimeout)
    if (recycleAbove !== undefined) positive(`${name}({ recycleAbove })`, recycleAbove)
    this.#startWorker = start
  }

  prepare(): void {
    if (this.#isClosed) return
    this.#dispatcher.prepare()
    this.#stopIdleLater()
  }

  submit(call: ExecutorCall): void {
    if (this.#isClosed) {
      call.fail(closedError(call))
      return
    }
    this.#dispatcher.submit(call)
    if (++this.#unpolled >= POLL_EVERY) this.poll()
    if (this.#isFlushing) return
    this.#isFlushing = true
    this.#flushSoon()
  }

  // By itself, since a function that makes another one is dearer to call.
  #flushSoon(): void {
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
    let any = this.#intake.takeRest()
    const answered = Atomics.load(this.#answered, 0)
    if (answered === this.#seen) return any
    for (const lane of this.#dispatcher.lanes.slice()) any = lane.poll() || any
    // Not before all is taken in: who is told of a call may look for the rest.
    this.#seen = answered
    return any
  }

  block(milliseconds = Number.POSITIVE_INFINITY): void {
    const news = this.#news
    this.flush()
    const until = performance.now() + milliseconds
    // Calls are told not only what is reported: also that they were stopped, or that no worker can be had.
    for (let left = milliseconds; left > 0 && !this.poll() && news === this.#news; left = until - performance.now()) {
      const { isUneven } = this.#dispatcher
      const wait = Math.min(left, isUneven ? LOOK_EVERY : this.#watching ? WATCH_EVERY : CHECK_EVERY)
      if (Atomics.wait(this.#answered, 0, this.#seen, wait) !== 'timed-out') continue
      if (isUneven) this.flush()
      if (this.#watching !== undefined) this.#look()
      for (const lane of this.#dispatcher.lanes.slice()) lane.check()
    }
  }

  checkShared(units: readonly number[], done: (error?: unknown) => void): void {
    const lanes = this.#dispatcher.lanes.slice()
    let left = lanes.length
    let first: unknown
    if (left === 0) done()
    for (const lane of lanes) {
      lane.checkShared(units, (error) => {
        first ??= error
        if (--left === 0) done(first)
      })
    }
  }

  timed(call: ExecutorCall, milliseconds: number, calls: number): void {
    this.#dispatcher.timed(call, milliseconds, calls)
  }

  watchBatches(watcher: BatchWatcher): void {
    this.#batchWatchers.push(watcher)
  }

  tell(arrival: Arrival): void {
    this.#intake.take(arrival)
  }

  sent(lane: Lane, calls: readonly ExecutorCall[]): void {
    if (this.#batchWatchers.length === 0) return
    let watched = this.#watchedLanes.get(lane)
    if (watched === undefined) {
      watched = { worker: this.#watchedLanes.size + 1, batches: 0 }
      this.#watchedLanes.set(lane, watched)
    }
    watched.batches++
    for (const watcher of this.#batchWatchers) watcher(watched.worker, watched.batches, calls)
  }

  reported(): void {
    this.#news++
    this.#dispatcher.reported()
    this.#stopIdleLater()
  }

  watch(): void {
    this.#watching ??= setInterval(() => this.#look(), WATCH_EVERY).unref()
  }

  died(lane: Lane, stopped: Promise<void>): void {
    this.#dispatcher.remove(lane)
    this.#stopping.add(stopped)
    void stopped.finally(() => this.#stopping.delete(stopped))
  }

  takeBack(calls: readonly ExecutorCall[]): void {
    this.#news++
    this.#dispatcher.takeBack(calls)
    if (this.#isClosed) this.#failWaiting(closedError)
    else this.#dispatcher.feed()
  }

  cancelled(): void {
    this.watch()
    this.#dispatcher.dropCancelled()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#idle)
    clearInterval(this.#watching)
    this.#watching = undefined
    this.#failWaiting(closedError)
    for (const lane of this.#dispatcher.lanes.slice()) void lane.stop()
    await Promise.all(this.#stopping)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  // Options that Node.js refuses show only here: no call could ever run.
  #start(): Lane | undefined {
    try {
      return new Lane(this, this.#answered, this.#startWorker)
    } catch (error) {
      this.#failWaiting(() => error)
      return undefined
    }
  }

  #failWaiting(errorOf: (call: ExecutorCall) => unknown): void {
    this.#news++
    for (const call of this.#dispatcher.takeWaiting()) call.fail(errorOf(call))
  }

  #look(): void {
    if (this.#watcher.look(performance.now())) return
    clearInterval(this.#watching)
    this.#watching = undefined
  }

  #stopIdleLater(): void {
    if (this.#idle !== undefined || this.#isClosed || this.#idleTimeout === Number.POSITIVE_INFINITY) return
    if (!this.#dispatcher.lanes.some(({ isIdle }) => isIdle)) return
    this.#idle = setTimeout(() => {
      this.#idle = undefined
      const since = performance.now() - this.#idleTimeout
      for (const lane of this.#dispatcher.lanes.slice()) if (lane.isIdle && lane.heardAt <= since) void lane.stop()
      this.#stopIdleLater()
    }, this.#idleTimeout).unref()
  }
}

function workersFromEnvironment(): number | undefined {
  const { DECO_WORKERS } = process.env
  return DECO_WORKERS === undefined || DECO_WORKERS === '' ? undefined : positive('DECO_WORKERS', Number(DECO_WORKERS))
}

function positiveTime(what: string, value: number): number {
  if (typeof value === 'number' && value > 0)
    return Math.min(value, LONGEST) === LONGEST ? Number.POSITIVE_INFINITY : value
  throw new RangeError(`Cannot use ${value} for ${what}: it must be a positive number of milliseconds.`)
}

// Timers of Node.js fire at once when they are set for longer.
const LONGEST = 2 ** 31 - 1

function positive(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new RangeError(`Cannot use ${value} for ${what}: it must be a positive whole number.`)
}
