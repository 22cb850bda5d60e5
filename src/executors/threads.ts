import { availableParallelism } from 'node:os'
import type { ResourceLimits } from 'node:worker_threads'
import type { Executor, ExecutorCall } from '../protocol.js'
import { closedError, crashed, overdue } from './deaths.js'
import { Dispatcher } from './dispatcher.js'
import { Lane, type LaneOwner } from './lane.js'

/** Options of `threads()`. */
export interface ThreadsOptions {
  /** Number of worker threads. Default: `DECO_WORKERS`, or as many as the machine has processors. */
  readonly workers?: number
  /** Calls that travel together: a number, or `'auto'` (the default) to follow the time that they take. */
  readonly batch?: 'auto' | number
  /**
   * How many calls of one job may be pending: the next one blocks until there is room, in a `@synchronized` method that is not
   * async; in others `await job.room()` waits for it. Default: 1,000,000, which take some hundred megabytes.
   */
  readonly maxPending?: number
  /** Milliseconds after which a worker that has nothing to do is stopped. Default: 30,000. */
  readonly idleTimeout?: number
  /** Memory limits of each worker, as `node:worker_threads` takes them. */
  readonly resourceLimits?: ResourceLimits
  /** Command-line options of each worker. Default: those of this process. */
  readonly execArgv?: string[]
  /** Environment of each worker. Default: that of this process. */
  readonly env?: Record<string, string>
}

/**
 * Runs calls on worker threads. They start with the first calls and never keep the process alive by themselves.
 * @throws {RangeError} if `workers`, `batch` or `maxPending` is not a positive whole number, or `idleTimeout` not a time
 * @example
 * class Climate extends Job { … }
 * const climate = new Climate({ executor: threads({ workers: 4 }) })
 */
export function threads(options: ThreadsOptions = {}): Executor {
  return new Threads(options)
}

// While a producing loop runs, results are looked for after every so many calls.
const POLL_EVERY = 32
// A blocked thread is told nothing when a worker dies, nor when a lane is stuck: it looks after so many ms without a report.
const CHECK_EVERY = 100
const LOOK_EVERY = 2
// Calls that have a timeout, or are cancelled, are looked at every so many ms.
const WATCH_EVERY = 10
// A call that is cancelled may end by itself, in ms; starting a worker anew takes about as long.
const GRACE = 30

class Threads implements Executor, LaneOwner {
  readonly name = 'threads'
  readonly importsModules = true
  readonly maxPending: number
  readonly #idleTimeout: number
  readonly #options: Pick<ThreadsOptions, 'resourceLimits' | 'execArgv' | 'env'>
  readonly #answered = new Int32Array(new SharedArrayBuffer(4))
  readonly #dispatcher: Dispatcher<Lane>
  #seen = 0
  #unpolled = 0
  #isFlushing = false
  #isStopping = false
  #isWatching = false
  #isClosed = false

  constructor({
    workers = workersFromEnvironment() ?? availableParallelism(),
    batch = 'auto',
    maxPending = 1_000_000,
    idleTimeout = 30_000,
    ...options
  }: ThreadsOptions) {
    this.#dispatcher = new Dispatcher({
      lanes: positive('threads({ workers })', workers),
      batch: batch === 'auto' ? batch : positive('threads({ batch })', batch),
      clock: { now: () => performance.now(), later: (milliseconds, run) => setTimeout(run, milliseconds) },
      start: () => this.#start(),
    })
    this.maxPending = positive('threads({ maxPending })', maxPending)
    this.#idleTimeout = positiveTime('threads({ idleTimeout })', idleTimeout)
    this.#options = options
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
    const answered = Atomics.load(this.#answered, 0)
    if (answered === this.#seen) return false
    this.#seen = answered
    let any = false
    for (const lane of this.#dispatcher.lanes.slice()) any = lane.poll() || any
    return any
  }

  block(milliseconds = Number.POSITIVE_INFINITY): void {
    this.flush()
    const until = performance.now() + milliseconds
    for (let left = milliseconds; left > 0 && !this.poll(); left = until - performance.now()) {
      const { isUneven } = this.#dispatcher
      const wait = Math.min(left, isUneven ? LOOK_EVERY : this.#isWatching ? WATCH_EVERY : CHECK_EVERY)
      if (Atomics.wait(this.#answered, 0, this.#seen, wait) !== 'timed-out') continue
      if (isUneven) this.flush()
      if (this.#isWatching) this.#watch()
      if (this.#findDead()) break
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

  timed(route: number, milliseconds: number, calls: number): void {
    this.#dispatcher.timed(route, milliseconds, calls)
  }

  reported(): void {
    this.#dispatcher.feed()
    this.#stopIdleLater()
  }

  died(lane: Lane): void {
    this.#dispatcher.remove(lane)
  }

  takeBack(calls: readonly ExecutorCall[]): void {
    this.#dispatcher.takeBack(calls)
    if (!this.#isClosed) this.#dispatcher.feed()
  }

  cancelled(): void {
    for (const lane of this.#dispatcher.lanes) if (lane.batches > 0) this.#dispatcher.takeBack(lane.recall())
    this.watch()
    this.#dispatcher.feed()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const call of this.#dispatcher.takeWaiting()) call.fail(closedError(call))
    await Promise.all(this.#dispatcher.lanes.slice().map((lane) => lane.stop()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  // Options that Node.js refuses show only here: no call could ever run.
  #start(): Lane | undefined {
    try {
      return new Lane(this, this.#answered, this.#options)
    } catch (error) {
      for (const call of this.#dispatcher.takeWaiting()) call.fail(error)
      return undefined
    }
  }

  #findDead(): boolean {
    return this.#dispatcher.lanes.filter((lane) => lane.check()).length > 0
  }

  watch(): void {
    if (this.#isWatching) return
    this.#isWatching = true
    const timer = setInterval(() => {
      this.#watch()
      if (!this.#isWatching) clearInterval(timer)
    }, WATCH_EVERY).unref()
  }

  // Stops workers whose call is overdue, or runs on though nobody waits for it.
  #watch(): void {
    const now = performance.now()
    let isNeeded = false
    for (const lane of this.#dispatcher.lanes.slice()) {
      isNeeded ||= lane.batches > 0
      const running = lane.look(now)
      if (running === undefined) continue
      const { call, since } = running
      if (call.isCancelled ? now - since > GRACE : now - since > (call.route.timeout ?? Number.POSITIVE_INFINITY))
        lane.kill(call.isCancelled ? crashed() : overdue)
    }
    this.#isWatching = isNeeded
  }

  #stopIdleLater(): void {
    if (this.#isStopping || this.#idleTimeout === Number.POSITIVE_INFINITY) return
    if (!this.#dispatcher.lanes.some(({ isIdle }) => isIdle)) return
    this.#isStopping = true
    setTimeout(() => {
      this.#isStopping = false
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
