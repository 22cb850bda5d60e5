import { callSite } from '../call-site.js'
import { isJob, type Job, makeCall } from '../job.js'
import { type ConcurrentOptions, registerClass, registerMethod } from '../metadata.js'
import { place } from '../worker/context.js'
import { checkInstance, checkMethod, disguise, entryError, type MethodContext, moduleUrl, notJob } from './guard.js'

/** `@concurrent`, for a method of a Job. */
export type ConcurrentDecorator = <This extends Job, Method extends (this: This, ...args: never[]) => unknown>(
  method: Method,
  context: MethodContext<This>,
) => Method

/**
 * Runs the calls of a method in workers. A call returns at once, with a Future that is typed as the method's own result: put
 * it into a tracked target, await it, pass it to another concurrent call, or return it from the `@synchronized` method.
 *
 * A call sees its arguments and the fields of its job as they were when it was made; what it changes in them is written back
 * when it is committed, in the order in which the calls were made.
 *
 * @throws {RegistrationError} on anything but a public method of instances of a Job
 * @example
 * ```ts
 * @concurrent
 * processLatLon(lat: number, lon: number): number { … }
 *
 * @concurrent({ onConflict: 'rerun' })
 * add(total: Total, x: number): void { total.sum += x }
 * ```
 */
export function concurrent(options: ConcurrentOptions): ConcurrentDecorator
// The compiler explains why the last overload does not fit: it must be this one.
export function concurrent<This extends Job, Method extends (this: This, ...args: never[]) => unknown>(
  method: Method,
  context: MethodContext<This>,
): Method
export function concurrent(first: unknown, context?: unknown): unknown {
  if (typeof first === 'function' || context !== undefined) return decorate(first, context, {}, concurrent)
  checkOptions(first)
  return function concurrentWith(method: unknown, context: unknown) {
    return decorate(method, context, first, concurrentWith)
  }
}

function decorate(method: unknown, context: unknown, options: ConcurrentOptions, above: Function): Function {
  checkMethod('concurrent', method, context)
  const { name, metadata, addInitializer } = context as MethodContext<Job>
  const module = options.module === undefined ? callSite(above) : moduleUrl('concurrent', options.module)
  const call = disguise(function (this: unknown, ...args: unknown[]): unknown {
    const where = place()
    if (where === 'call') return method.apply(this, args)
    if (!isJob(this)) throw notJob('concurrent', name, this)
    if (where === 'import') throw entryError(this, name, entry.owner.module)
    return makeCall(this, entry, args, call)
  }, method)
  const entry = registerMethod(registerClass(metadata, module), name, method, call, options)
  addInitializer(checkInstance('concurrent', name))
  return call
}

const KNOWN = ['module', 'mutates', 'onConflict', 'timeout', 'retries']

function checkOptions(options: unknown): asserts options is ConcurrentOptions {
  const refuse = (what: string) => {
    throw new TypeError(`Cannot use these options of @concurrent: ${what}.`)
  }
  if (typeof options !== 'object' || options === null) return refuse(`${String(options)} is not an object`)
  const unknown = Object.keys(options).find((key) => !KNOWN.includes(key))
  if (unknown !== undefined) refuse(`there is no option ${unknown}; there are ${KNOWN.join(', ')}`)
  const { mutates = 'auto', onConflict = 'error', timeout = 1, retries = 0 } = options as ConcurrentOptions
  const isList = Array.isArray(mutates) && mutates.every((index) => Number.isSafeInteger(index) && index >= 0)
  if (mutates !== 'auto' && mutates !== false && !isList)
    refuse("mutates must be 'auto', false, or a list of parameter numbers")
  if (onConflict !== 'error' && onConflict !== 'rerun') refuse("onConflict must be 'error' or 'rerun'")
  if (typeof timeout !== 'number' || !(timeout > 0)) refuse('timeout must be a positive number of milliseconds')
  if (!Number.isSafeInteger(retries) || retries < 0) refuse('retries must be a whole number from 0 on')
}
