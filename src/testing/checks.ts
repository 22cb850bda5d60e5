import { executorOf, isJob, type Job } from '../job.js'
import type { Executor } from '../protocol.js'
import { Relay } from './relay.js'

/** @throws {TypeError} if an argument is no function */
export function checkFunction(what: string, name: string, value: unknown): void {
  if (typeof value !== 'function')
    throw new TypeError(`Cannot use ${say(value)} as ${name} of ${what}: it must be a function.`)
}

/** @throws {TypeError} if options are none, or there are some that nobody knows */
export function checkOptions(what: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`Cannot use ${say(options)} as the options of ${what}: they must be an object.`)
  for (const name of Object.keys(options))
    if (!names.includes(name))
      throw new TypeError(`Cannot use these options of ${what}: there is no ${name}; there are ${names.join(', ')}.`)
}

/** @throws {RangeError} if a number is no whole number, or less than `least` */
export function checkWhole(what: string, name: string, value: unknown, least: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least)
    throw new RangeError(`Cannot use ${say(value)} as ${name} of ${what}: it must be a whole number from ${least} on.`)
}

/** @throws {TypeError} if there is something else in the place of an executor */
export function checkExecutor(what: string, value: unknown): void {
  const { submit, flush, block } = (value ?? {}) as Partial<Executor>
  if ([submit, flush, block].some((method) => typeof method !== 'function'))
    throw new TypeError(`Cannot use ${say(value)} as an executor of ${what}: give one, such as inline() or threads().`)
}

/** @throws {TypeError} if what has been made is no job, or one that runs elsewhere */
export function checkJob(what: string, job: unknown, executor: Executor): asserts job is Job {
  const own = isJob(job) ? executorOf(job) : undefined
  if (own !== executor && !(own instanceof Relay && own.leadsTo(executor)))
    throw new TypeError(
      `Cannot use what makeJob of ${what} returns: it must be a new job, made with the options that it is given. Way out: ` +
        '(options) => new Climate(options).',
    )
}

function say(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? 'an object'
    : typeof value === 'function'
      ? 'a function'
      : String(value)
}
