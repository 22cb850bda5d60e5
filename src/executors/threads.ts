import type { ResourceLimits } from 'node:worker_threads'
import type { Executor } from '../protocol.js'
import { LaneExecutor } from './lane-executor.js'
import { startThread } from './start-thread.js'
import type { WorkerOptions } from './worker-options.js'

/** Options of `threads()`. */
export interface ThreadsOptions extends WorkerOptions {
  /** Memory limits of each worker, as `node:worker_threads` takes them. */
  readonly resourceLimits?: ResourceLimits
}

/**
 * Runs calls on worker threads. They start with the first calls and never keep the process alive by themselves.
 * @throws {RangeError} if `workers`, `batch`, `maxPending` or `recycleAbove` is not a positive whole number, or `idleTimeout` not a
 *   time
 * @example
 * class Climate extends Job { … }
 * const climate = new Climate({ executor: threads({ workers: 4 }) })
 */
export function threads(options: ThreadsOptions = {}): Executor {
  return new LaneExecutor({ name: 'threads', isApart: false, start: (setup) => startThread(setup, options) }, options)
}
