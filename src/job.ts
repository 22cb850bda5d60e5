import { RegistrationError } from './errors.js'
import { checkExecutor, defaultExecutor } from './executors/default.js'
import { JobMethod } from './job-method.js'
import type { MethodEntry } from './metadata.js'
import { type Progress, type ProgressListener, ProgressTeller } from './progress-teller.js'
import type { Executor } from './protocol.js'
import { jobClassOf, routeOf } from './routes.js'
import { type CallScheduler, makeScheduler } from './schedulers.js'
import { atOnce, keepSpecimen } from './specimen.js'
import { checkPromises, settlePromises } from './targets/slot.js'
import { refOf } from './values/classes.js'

/** Options of a job. */
export interface JobOptions {
  /** Where the calls run. Default: what `configure` set, what `DECO_EXECUTOR` names, or a pool of threads that all jobs share. */
  readonly executor?: Executor
  /** Cancels the job: calls that are not committed are dropped, and the next synchronization event throws its reason. */
  readonly signal?: AbortSignal
  /** Is told how far the job has come, from its first call on: what `job.on('progress', …)` tells. */
  readonly onProgress?: (progress: Progress) => void
}

/** Whether a value was constructed as a job in this thread. */
export let isJob: (value: unknown) => value is Job

/** What has a job's calls in hand. */
export let schedulerOf: (job: Job) => CallScheduler

/** The executor that a job was made with. */
export let executorOf: (job: Job) => Executor | undefined

/**
 * Makes a concurrent call on a job, and gives its Future, or what the call returned where it ran in place; `above` is the
 * function whose caller's line its errors name.
 */
export let makeCall: (job: Job, method: MethodEntry, args: readonly unknown[], above: Function) => unknown

/**
 * Base class of classes with `@concurrent` methods. An instance keeps its pending calls and commits them in the order in
 * which they were made.
 *
 * @example
 * ```ts
 * export class Climate extends Job {
 *   readonly results = new TrackedMap<string, number>()
 *
 *   @concurrent
 *   process(lat: number, lon: number): number { … }
 *
 *   @synchronized
 *   async processAll(): Promise<Map<string, number>> { … }
 * }
 * ```
 */
export class Job {
  readonly #options: JobOptions
  #scheduler: CallScheduler | undefined
  #progress: ProgressTeller | undefined
  readonly #methods = new Map<MethodEntry, JobMethod>()

  /** @throws {TypeError} if an option is not what it must be */
  constructor(options: JobOptions = {}) {
    const { executor, signal, onProgress } = options
    if (executor !== undefined) checkExecutor(executor, `the executor of ${new.target.name}`)
    if (signal !== undefined && typeof signal?.addEventListener !== 'function')
      throw wrongOption(new.target, 'signal', 'an AbortSignal')
    if (onProgress !== undefined && typeof onProgress !== 'function')
      throw wrongOption(new.target, 'onProgress', 'a function')
    this.#options = options
    if (onProgress !== undefined) this.#listen(onProgress)
    const job = new WeakRef(this)
    signal?.addEventListener('abort', () => job.deref()?.cancel(signal.reason), { once: true })
  }

  /**
   * Waits until every call made so far is committed: an explicit synchronization event.
   * @throws the error of the earliest failing call, after everything before it has been committed
   */
  async wait(): Promise<void> {
    if (!(#options in this)) return
    await this.#scheduler?.wait()
    await settlePromises(Object.values(this))
  }

  /**
   * The same, blocking the thread.
   * @throws the error of the earliest failing call
   * @throws {PendingReadError} if a target holds a promise, which only the event loop can settle
   */
  waitSync(): void {
    if (!(#options in this)) return
    this.#scheduler?.waitSync()
    checkPromises(Object.values(this))
  }

  /**
   * Waits until fewer calls are pending than the executor's `maxPending`: bounds the memory of a producing loop in an async
   * method. A plain `@synchronized` method needs it not: there the next call blocks.
   * @example
   * for await (const line of lines) {
   *   await this.room()
   *   this.results.set(line.id, this.parse(line))
   * }
   */
  async room(): Promise<void> {
    if (#options in this) await this.#scheduler?.room()
  }

  /** Number of calls that are not committed yet. */
  get pending(): number {
    return #options in this ? (this.#scheduler?.pending ?? 0) : 0
  }

  /** What the failed calls of the last phase threw, in program order. */
  get failures(): readonly unknown[] {
    return #options in this ? (this.#scheduler?.failures ?? []) : []
  }

  /**
   * Drops every call that is not committed. The next synchronization event throws `reason`.
   * @param reason default: a DOMException named AbortError
   */
  cancel(reason: unknown = new DOMException('The job was cancelled.', 'AbortError')): void {
    if (#options in this) this.#scheduler?.cancel(reason)
  }

  /**
   * Has a listener told how far the job has come: while calls are pending at most ten times a second, and once a second even where
   * nothing has changed, and always at the end of a phase, before the synchronization event returns or throws. A thread that is
   * blocked tells as well. While nobody listens, nothing of this is done. A listener keeps no process alive; what it throws is an
   * uncaught error, and the job goes on. One that is added twice is told once.
   * @throws {TypeError} for another event than `'progress'`, or a listener that is none
   * @example
   * job.on('progress', ({ done, total, timeLeft }) => console.log(`${done} of ${total}, ${timeLeft} ms left`))
   */
  on(event: 'progress', listener: (progress: Progress) => void): this {
    if (!(#options in this)) return this
    checkListener(this.constructor, event, listener)
    this.#listen(listener)
    return this
  }

  /**
   * Has a listener told no more, that of the option `onProgress` included.
   * @throws {TypeError} as `on` does
   */
  off(event: 'progress', listener: (progress: Progress) => void): this {
    if (!(#options in this)) return this
    checkListener(this.constructor, event, listener)
    this.#progress?.delete(listener)
    if (this.#progress?.isUnheard) {
      this.#progress = undefined
      this.#scheduler?.tellProgress(undefined)
    }
    return this
  }

  /** Waits for the calls made so far, and releases what the job alone holds. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.wait()
  }

  #listen(listener: ProgressListener): void {
    this.#progress ??= new ProgressTeller()
    this.#progress.add(listener)
    this.#scheduler?.tellProgress(this.#progress)
  }

  #schedule(): CallScheduler {
    if (this.#scheduler === undefined) {
      const { executor = defaultExecutor() } = this.#options
      const job = { value: this, class: refOf(jobClassOf(this.constructor).entry) }
      this.#scheduler = makeScheduler(job, executor)
      this.#scheduler.tellProgress(this.#progress)
    }
    return this.#scheduler
  }

  static {
    isJob = (value): value is Job => typeof value === 'object' && value !== null && #options in value
    schedulerOf = (job) => job.#schedule()
    executorOf = (job) => job.#options.executor
    makeCall = (job, method, args, above) => {
      const scheduler = job.#schedule()
      const result = scheduler.call(job.#methods.get(method) ?? job.#prepare(method), args, above)
      const { signal } = job.#options
      if (signal?.aborted) scheduler.cancel(signal.reason)
      return result
    }
  }

  #prepare(entry: MethodEntry): JobMethod {
    const route = routeOf(jobClassOf(this.constructor), entry, this.constructor.name)
    if (entry.through !== undefined) this.#schedule().through(entry.through)
    else if (route.job.module === undefined || route.method.module === undefined) this.#requireInline(route.name)
    const { executor = defaultExecutor() } = this.#options
    if (entry.through === undefined) executor.prepare?.()
    const method = new JobMethod(entry, route, executor)
    this.#methods.set(entry, method)
    keepSpecimen(new JobMethod(entry, route, atOnce))
    return method
  }

  #requireInline(name: string): void {
    const { executor = defaultExecutor() } = this.#options
    if (!executor.importsModules) return
    throw new RegistrationError(
      `Cannot call ${name} on ${executor.name}: the file in which its class is defined is not known (eval, REPL, or a generated ` +
        'class). Way out: @concurrent({ module: import.meta.url }), or the executor inline().',
    )
  }
}

function checkListener({ name }: Function, event: unknown, listener: unknown): void {
  if (event !== 'progress')
    throw new TypeError(`Cannot listen to ${String(event)} of ${name}: there is no such event. Way out: 'progress'.`)
  if (typeof listener !== 'function')
    throw new TypeError(`Cannot listen to ${event} of ${name}: the listener must be a function.`)
}

function wrongOption({ name }: Function, option: string, expected: string): TypeError {
  return new TypeError(`Cannot use the option ${option} of ${name}: it must be ${expected}.`)
}
