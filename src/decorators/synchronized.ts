import { types } from 'node:util'
import { callSite } from '../call-site.js'
import { channels } from '../channels.js'
import { isJob, type Job, schedulerOf } from '../job.js'
import { registerClass, registerMember } from '../metadata.js'
import { withoutFutures, withoutFuturesSync } from '../returns.js'
import type { CallScheduler } from '../schedulers.js'
import { place } from '../worker/context.js'
import { checkInstance, checkMethod, disguise, entryError, type MethodContext, notJob } from './guard.js'
import { traced } from './traced.js'

/**
 * Makes the end of a method a synchronization event: it ends when all calls that it made are committed. An `async` method
 * returns a promise and never blocks; a plain one blocks the thread and returns its plain value. Futures in a returned
 * array, Map, Set or plain object are replaced by their values.
 *
 * @throws {RegistrationError} on anything but a public method of instances of a Job
 * @example
 * ```ts
 * @synchronized
 * async processAll(grid: Grid): Promise<Map<string, number>> {
 *   for (const cell of grid.cells) this.results.set(cell.name, this.process(cell))
 *   return this.results
 * }
 * ```
 */
export function synchronized<This extends Job, Method extends (this: This, ...args: never[]) => unknown>(
  method: Method,
  context: MethodContext<This>,
): Method {
  return decorate(method, context, callSite(synchronized))
}

/** `@synchronized` for the classes of a module, whatever file it is evaluated in. */
export function synchronizedIn(module: string): typeof synchronized {
  return (method, context) => decorate(method, context, module)
}

function decorate<This extends Job, Method extends (this: This, ...args: never[]) => unknown>(
  method: Method,
  context: MethodContext<This>,
  module: string | undefined,
): Method {
  checkMethod('synchronized', method, context)
  const { name, metadata, addInitializer } = context
  const entry = registerClass(metadata, module)
  const isAsync = method.constructor.name === 'AsyncFunction'
  const run = disguise(function (this: unknown, ...args: never[]): unknown {
    const where = place()
    if (where === 'call') return method.apply(this as This, args)
    if (!isJob(this)) throw notJob('synchronized', name, this)
    if (where === 'import') throw entryError(this, name, entry.module)
    const scheduler = schedulerOf(this)
    const start = () => scheduler.blocking(!isAsync, () => method.apply(this as This, args))
    const go = () => (isAsync ? settle(this, start() as Promise<unknown>) : block(this, scheduler, start))
    return channels.synchronized.hasSubscribers ? traced(this, name, go) : go()
  }, method)
  registerMember(entry, run)
  addInitializer(checkInstance('synchronized', name))
  return run as Method
}

// An error of the method itself comes after the calls that it made: one of these may have failed before it.
async function settle(job: Job, running: Promise<unknown>): Promise<unknown> {
  let value: unknown
  try {
    value = await running
  } catch (error) {
    await job.wait()
    throw error
  }
  await job.wait()
  return withoutFutures(value)
}

function block(job: Job, scheduler: CallScheduler, start: () => unknown): unknown {
  let value: unknown
  try {
    value = start()
  } catch (error) {
    scheduler.waitSync()
    throw error
  }
  if (types.isPromise(value)) return settle(job, value)
  job.waitSync()
  return withoutFuturesSync(value)
}
