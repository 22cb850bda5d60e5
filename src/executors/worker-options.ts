/** Options of executors that have workers. */
export interface WorkerOptions {
  /** Number of workers. Default: `DECO_WORKERS`, or as many as the machine has processors. */
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
  /**
   * Bytes of memory that a worker may hold between two batches: one that holds more is replaced by a new one before it gets
   * further calls. What counts is its heap, garbage that is not collected yet included, and memory outside of it, such as
   * buffers (`used_heap_size` and `external_memory` of `v8.getHeapStatistics()`). Default: no limit.
   */
  readonly recycleAbove?: number
  /** Command-line options of each worker. Default: those of this process. */
  readonly execArgv?: string[]
  /** Environment of each worker. Default: that of this process. */
  readonly env?: Record<string, string>
}
