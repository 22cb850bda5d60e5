import { availableParallelism } from 'node:os'
import type { ResourceLimits } from 'node:worker_threads'
import type { Executor, ExecutorCall } from '../protocol.js'
import { Queue } from '../queue.js'
import { batchSize, GATHERED, WORTHWHILE } from './batch.js'
import { closedError } from './closed.js'
import { Estimates } from './estimates.js'
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
// A blocked thread is told nothing when a worker dies: it looks after so many ms without a report.
const CHECK_EVERY = 100
// A lane that is not heard of for so long, in ms, is at a long call: what it has besides goes to a lane that is free.
const PATIENCE = 2

class Threads implements Executor, LaneOwner {
  readonly name = 'threads'
  readonly importsModules = true
  readonly maxPending: number
  readonly #workers: number
  readonly #batch: number | 'auto'
  readonly #idleTimeout: number
  readonly #options: Pick<ThreadsOptions, 'resourceLimits' | 'execArgv' | 'env'>
  readonly #answered = new Int32Array(new SharedArrayBuffer(4))
  readonly #waiting = new Queue<ExecutorCall>()
  readonly #estimates = new Estimates()
  readonly #lanes: Lane[] = []
  #seen = 0
  #unpolled = 0
  // Time that the calls will take that came since the last look at the lanes, in ms.
  #unsent = 0
  #isFlushing = false
  // A lane is free while another one may be stuck with more than it can do.
  #isUneven = false
  #isLooking = false
  #isStopping = false
  #isClosed = false

  constructor({
    workers = workersFromEnvironment() ?? availableParallelism(),
    batch = 'auto',
    maxPending = 1_000_000,
    idleTimeout = 30_000,
    ...options
  }: ThreadsOptions) {
    this.#workers = positive('threads({ workers })', workers)
    this.#batch = batch === 'auto' ? batch : positive('threads({ batch })', batch)
    this.maxPending = positive('threads({ maxPending })', maxPending)
    this.#idleTimeout = milliseconds('threads({ idleTimeout })', idleTimeout)
    this.#options = options
  }

  submit(call: ExecutorCall): void {
    if (this.#isClosed) {
      call.fail(closedError(call))
      return
    }
    this.#waiting.push(call)
    // Tiny calls leave when enough of them are there, or when the producer pauses; others at once.
    this.#unsent += this.#estimates.mean(call.route.id) ?? GATHERED
    if (++this.#unpolled >= POLL_EVERY) this.poll()
    if (this.#unsent >= GATHERED) this.#feed()
    if (!this.#isFlushing) {
      this.#isFlushing = true
      setImmediate(() => {
        this.#isFlushing = false
        this.flush()
      })
    }
  }

  flush(): void {
    this.#feed()
  }

  poll(): boolean {
    this.#unpolled = 0
    const answered = Atomics.load(this.#answered, 0)
    if (answered === this.#seen) return false
    this.#seen = answered
    let any = false
    for (const lane of this.#lanes.slice()) any = lane.poll() || any
    return any
  }

  block(milliseconds = Number.POSITIVE_INFINITY): void {
    this.#feed()
    const until = performance.now() + milliseconds
    for (let left = milliseconds; left > 0 && !this.poll(); left = until - performance.now()) {
      const wait = this.#isUneven ? PATIENCE : CHECK_EVERY
      if (Atomics.wait(this.#answered, 0, this.#seen, Math.min(left, wait)) !== 'timed-out') continue
      if (this.#isUneven) this.#feed()
      else if (this.#findDead()) break
    }
  }

  checkShared(done: (error?: unknown) => void): void {
    let left = this.#lanes.length
    let first: unknown
    if (left === 0) done()
    for (const lane of this.#lanes.slice()) {
      lane.checkShared((error) => {
        first ??= error
        if (--left === 0) done(first)
      })
    }
  }

  timed(route: number, milliseconds: number, calls: number): void {
    this.#estimates.learn(route, milliseconds, calls)
  }

  reported(): void {
    this.#feed()
    this.#stopIdleLater()
  }

  died(lane: Lane): void {
    const at = this.#lanes.indexOf(lane)
    if (at !== -1) this.#lanes.splice(at, 1)
    if (!this.#isClosed) this.#feed()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const call of this.#waiting.take(this.#waiting.length)) call.fail(closedError(call))
    await Promise.all(this.#lanes.slice().map((lane) => lane.stop()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #feed(): void {
    this.#unsent = 0
    this.#isUneven = false
    this.#fill()
    if (this.#waiting.length > 0 || !this.#balance()) return
    this.#fill()
  }

  // Every lane gets a batch to run; then, where enough is waiting, one more for when that is done.
  #fill(): void {
    for (let depth = 0; depth < 2; depth++) {
      for (const lane of this.#lanes) {
        if (this.#waiting.length === 0) return
        if (lane.batches > depth || !lane.isReady) continue
        if (depth === 1 && !this.#mayQueue()) return
        this.#send(lane)
      }
      while (depth === 0 && this.#waiting.length > 0 && this.#lanes.length < this.#workers) {
        const lane = this.#start()
        if (lane === undefined) return
        this.#lanes.push(lane)
        this.#send(lane)
      }
    }
  }

  // A lane that is free gets calls that wait behind others in another lane. `false` if there are none, or too few.
  #balance(): boolean {
    if (!this.#lanes.some(({ batches, isReady }) => batches === 0 && isReady)) return false
    const now = performance.now()
    let most: Lane | undefined
    let mostTime = 0
    for (const lane of this.#lanes) {
      const calls = lane.batches === 0 ? [] : lane.unbegun
      if (calls.length === 0) continue
      const time = calls.reduce((sum, { route }) => sum + (this.#estimates.mean(route.id) ?? WORTHWHILE), 0)
      const isStuck = now - lane.heardAt > PATIENCE + 2 * time
      if (time < 2 * WORTHWHILE && !isStuck) this.#lookAgain()
      else if (time > mostTime) {
        most = lane
        mostTime = time
      }
    }
    if (most === undefined) return false
    this.#waiting.unshift(most.recall())
    return true
  }

  // What waits behind a call that turns out to be long is not told by any report.
  #lookAgain(): void {
    this.#isUneven = true
    if (this.#isLooking) return
    this.#isLooking = true
    setTimeout(() => {
      this.#isLooking = false
      if (this.#isUneven) this.#feed()
    }, PATIENCE)
  }

  #stopIdleLater(): void {
    if (this.#isStopping || this.#idleTimeout === Number.POSITIVE_INFINITY) return
    if (!this.#lanes.some(({ batches }) => batches === 0)) return
    this.#isStopping = true
    setTimeout(() => {
      this.#isStopping = false
      const since = performance.now() - this.#idleTimeout
      for (const lane of this.#lanes.slice()) if (lane.isIdle && lane.heardAt <= since) void lane.stop()
      this.#stopIdleLater()
    }, this.#idleTimeout).unref()
  }

  // Options that Node.js refuses show only here: no call could ever run.
  #start(): Lane | undefined {
    try {
      return new Lane(this, this.#answered, this.#options)
    } catch (error) {
      for (const call of this.#waiting.take(this.#waiting.length)) call.fail(error)
      return undefined
    }
  }

  #findDead(): boolean {
    return this.#lanes.filter((lane) => lane.check()).length > 0
  }

  // A call waits behind a running one only if it is known how long that may be, and others are left for the other lanes.
  #mayQueue(): boolean {
    return this.#waiting.length > this.#lanes.length && this.#estimates.mean(this.#waiting.at(0).route.id) !== undefined
  }

  #send(lane: Lane): void {
    const size =
      this.#batch === 'auto' ? batchSize(this.#waiting, this.#estimates, this.#workers, lane.lastSize) : this.#batch
    const calls = this.#waiting.take(size).filter(({ isCancelled }) => !isCancelled)
    if (calls.length > 0) lane.send(calls)
  }
}

function workersFromEnvironment(): number | undefined {
  const { DECO_WORKERS } = process.env
  return DECO_WORKERS === undefined || DECO_WORKERS === '' ? undefined : positive('DECO_WORKERS', Number(DECO_WORKERS))
}

function milliseconds(what: string, value: number): number {
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
