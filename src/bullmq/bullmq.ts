import type { Executor } from '../protocol.js'
import { ModuleRoot } from './module-root.js'
import { checkPeers } from './peers.js'
import { QueueExecutor } from './queue-executor.js'
import { checkQueueOptions, type QueueOptions } from './queue-options.js'

/** Options of `bullmq()`. */
export interface BullmqOptions extends QueueOptions {
  /**
   * The folder below which the modules of jobs lie: hosts know a module by its path from there, and have a root of their own. Default:
   * the working directory.
   */
  readonly root?: string
  /** Calls that travel together: a number, or `'auto'` (the default) to follow the time that they take. */
  readonly batch?: 'auto' | number
  /**
   * How many calls of one job may be pending: the next one blocks until there is room, in a `@synchronized` method that is not
   * async; in others `await job.room()` waits for it. Default: 1,000,000.
   */
  readonly maxPending?: number
  /**
   * Milliseconds for which calls wait while no host serves the queue, or Redis does not answer: then they fail. Calls that a host has
   * taken may run for as long as they like, unless they have a `timeout` of their own. Default: 60,000.
   */
  readonly timeout?: number
}

/**
 * Runs calls on other machines: those that serve the queue, as `serve()` does. Batches of calls are jobs of BullMQ on Redis.
 * @throws {TypeError | RangeError} for options that cannot be used
 * @throws {DecoError} if a package that it needs is not installed
 * @example
 * configure({ executor: bullmq({ connection: { host: 'redis.internal' }, queue: 'climate' }) })
 */
export function bullmq(options: BullmqOptions): Executor {
  checkPeers('bullmq()')
  checkQueueOptions('bullmq', options)
  const { connection, queue, prefix = 'bull', sign, root = process.cwd() } = options
  const { batch = 'auto', maxPending = 1_000_000, timeout = 60_000 } = options
  if (batch !== 'auto') positive('batch', batch)
  positive('maxPending', maxPending)
  if (!(timeout > 0))
    throw new RangeError(`Cannot use ${timeout} for bullmq({ timeout }): it must be a positive number of milliseconds.`)
  try {
    structuredClone(connection)
  } catch (cause) {
    throw new TypeError(
      'Cannot use the options given to bullmq({ connection }): they go to a thread, which functions and clients cannot. Way out: pass ' +
        'plain options or a URL.',
      { cause },
    )
  }
  // It throws for a folder that is none.
  new ModuleRoot(root, 'bullmq({ root })')
  const shared = { connection, queue, prefix, root, timeout, ...(sign !== undefined && { sign }) }
  return new QueueExecutor({ ...shared, batch, maxPending })
}

function positive(option: string, value: number): void {
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new RangeError(`Cannot use ${value} for bullmq({ ${option} }): it must be a positive whole number.`)
}
