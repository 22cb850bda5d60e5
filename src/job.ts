import { RegistrationError } from './errors.js'
import { checkExecutor, defaultExecutor } from './executors/default.js'
import { JobMethod } from './job-method.js'
import type { MethodEntry } from './metadata.js'
import type { Executor } from './protocol.js'
import { jobClassOf, routeOf } from './routes.js'
import { type CallScheduler, makeScheduler } from './schedulers.js'
import { atOnce, keepSpecimen } from './specimen.js'
import { checkPromises, settlePromises } from './targets/slot.js'
import type { Progress } from './tell-progress.js'
import { refOf } from './values/classes.js'

/** Options of a job. */
export interface JobOptions {
  /** Where the calls run. Default: what `configure` set, what `DECO_EXECUTOR` names, or a pool of threads that all jobs share. */
  readonly executor?: Executor
  /** Cancels the job: calls that are not committed are dropped, and the next synchronization event throws its reason. */
  readonly signal?: AbortSignal
  /** Is told how far the job has come, about 20 times a second and at the end of each phase. */
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

  /** Waits for the calls made so far, and releases what the job alone holds. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.wait()
  }

  #schedule(): CallScheduler {
    if (this.#scheduler === undefined) {
      const { executor = defaultExecutor(), onProgress } = this.#options
      const job = { value: this, class: refOf(jobClassOf(this.constructor).entry) }
      this.#scheduler = makeScheduler(job, executor, onProgress)
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

function wrongOption({ name }: Function, option: string, expected: string): TypeError {
  return new TypeError(`Cannot use the option ${option} of ${name}: it must be ${expected}.`)
}
