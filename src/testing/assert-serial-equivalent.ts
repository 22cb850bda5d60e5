import { AssertionError } from 'node:assert'
import { DecoError } from '../errors.js'
import { defaultExecutor } from '../executors/default.js'
import { threads } from '../executors/threads.js'
import type { Job } from '../job.js'
import { Profiles } from '../profiles.js'
import type { Executor } from '../protocol.js'
import { checkExecutor, checkFunction, checkJob, checkOptions, checkWhole } from './checks.js'
import type { Difference } from './difference.js'
import { checkSeed } from './random.js'
import { type OpenCall, Reordering } from './reordering.js'
import { serial } from './serial.js'
import { settled } from './settled.js'
import { Shuffle } from './shuffled.js'
import { PartOfAnOrder, smallest } from './smallest-order.js'
import { differencesOf, firstDifference, runTrial, sayCall, type Trial } from './trial.js'

/** Options of `assertSerialEquivalent()`. */
export interface SerialEquivalentOptions {
  /** The seed of the first random order; each further one takes the next number. Default: 1. */
  readonly seed?: number
  /** How many random orders are tried. Default: 20. */
  readonly seeds?: number
  /** Where else the job must end as it does serially. Default: the threads that all jobs share. */
  readonly executors?: readonly Executor[]
  /** How often the job may be run to find the smallest set of calls that shows a difference. Default: 200. */
  readonly shrinks?: number
}

/**
 * Asserts that a job gives what its serial run gives: the same result, fields, targets, arguments and errors, in many random orders
 * of its calls and on threads. What it throws says where they differ, which call was the first, how few calls must come in another
 * order to show it, and how to repeat it.
 *
 * @param makeJob makes the job, anew for each run, with the executor that it is given
 * @param run runs it and gives what is to be compared; makes its arguments anew each time
 * @throws {AssertionError} that tells all this
 * @throws {TypeError} if makeJob makes no job, or one with another executor
 * @example
 * await assertSerialEquivalent(
 *   (options) => new Climate(options),
 *   (climate) => climate.processAll(makeGrid()),
 * )
 */
export async function assertSerialEquivalent<J extends Job>(
  makeJob: (options: { executor: Executor }) => J,
  run: (job: J) => unknown,
  options: SerialEquivalentOptions = {},
): Promise<void> {
  checkFunction(NAME, 'makeJob', makeJob)
  checkFunction(NAME, 'run', run)
  checkOptions(NAME, options, ['seed', 'seeds', 'executors', 'shrinks'])
  const { seed = 1, seeds = 20, executors = [pool()], shrinks = 200 } = options
  checkSeed(NAME, seed)
  checkWhole(NAME, 'seeds', seeds, 0)
  checkWhole(NAME, 'shrinks', shrinks, 0)
  if (!Array.isArray(executors))
    throw new TypeError(`Cannot use ${String(executors)} as the executors of ${NAME}: they must be a list.`)
  for (const executor of executors) checkExecutor(NAME, executor)
  const make = (options: { executor: Executor }): J => {
    const job: unknown = makeJob(options)
    checkJob(NAME, job, options.executor)
    return job as J
  }
  const trial = (executor: Executor) => runTrial(executor, make, run)
  const expected = await trial(serial())
  const again = await trial(serial())
  const changed = differencesOf(again, expected)
  if (changed.length > 0) throw twiceError(changed, again, expected)

  const profiles = new Profiles()
  for (let now = seed; now < seed + seeds; now++) {
    const shuffle = async () => {
      const order = new Remembered(now)
      const actual = await trial(new Reordering(order, profiles))
      return { order, actual, found: differencesOf(actual, expected) }
    }
    const { order, actual, found } = await settled(profiles, shuffle, ({ found }) => found.length > 0)
    if (found.length === 0) continue
    const fails = async (places: readonly number[], run: readonly number[]) =>
      differencesOf(await trial(new Reordering(new PartOfAnOrder(run, places), profiles)), expected).length > 0
    let enough = (await fails([], []))
      ? 'It shows as well when the calls run in the order in which they were made.'
      : undefined
    for (const run of [order.began, order.ended]) {
      if (enough !== undefined) break
      const places = await smallest(run, (places) => fails(places, run), shrinks)
      enough = places && sayOrder(places, run, actual)
    }
    throw shuffledError(found, actual, expected, now, enough)
  }

  for (const executor of executors) {
    const actual = await trial(executor)
    const found = differencesOf(actual, expected)
    if (found.length > 0) throw elsewhereError(found, actual, expected, executor.name)
  }
}

const NAME = 'assertSerialEquivalent()'

let own: Executor | undefined

// The threads that all jobs share, unless the tests have configured something else.
function pool(): Executor {
  const usual = defaultExecutor()
  if (usual.name === 'threads') return usual
  own ??= threads()
  return own
}

/** A random order that can be told afterwards. */
class Remembered extends Shuffle {
  readonly began: number[] = []
  readonly ended: number[] = []

  ran({ place }: OpenCall): void {
    this.began.push(place)
  }

  delivered({ place }: OpenCall): void {
    this.ended.push(place)
  }
}

function twiceError(found: readonly Difference[], again: Trial, expected: Trial): AssertionError {
  return failure([
    'The job does not end the same way twice, even serially.',
    listOf(found, 'first run', 'second run'),
    firstDifference(again, expected, 'in the second run', 'in the first run'),
    'It depends on something that is not made anew for each run: a variable of a module, a clock, random numbers. Way out: keep it in ' +
      'fields of the job or in arguments, made anew by makeJob and run.',
    'To repeat it: run the job twice with serial() as its executor.',
  ])
}

function shuffledError(
  found: readonly Difference[],
  actual: Trial,
  expected: Trial,
  seed: number,
  enough: string | undefined,
): AssertionError {
  return failure([
    `The job does not end as its serial run does when its calls run in the order of seed ${seed}.`,
    listOf(found, 'serial', `seed ${seed}`),
    firstDifference(actual, expected, `with seed ${seed}`, 'serially'),
    enough,
    // An error of deco-ts says its own way out.
    'threw' in actual.ended && actual.ended.threw instanceof DecoError
      ? undefined
      : 'threw' in actual.ended !== 'threw' in expected.ended
        ? 'What a call throws is thrown by the next synchronization event, whoever has caught it before, and with the serial run where the call ' +
          'is made. Way out: catch it around the @synchronized method, or have the call return what went wrong.'
        : 'Its calls reach each other, or the job, past deco-ts: through a variable of a module, shared memory, a file. Way out: pass it as an ' +
          'argument, return it, or keep it in a field of the job.',
    `To repeat it: assertSerialEquivalent(makeJob, run, { seed: ${seed}, seeds: 1 }).`,
  ])
}

function elsewhereError(found: readonly Difference[], actual: Trial, expected: Trial, name: string): AssertionError {
  return failure([
    `The job does not end as its serial run does on ${name}, though it does in this thread in every order that was tried.`,
    listOf(found, 'serial', name),
    firstDifference(actual, expected, `on ${name}`, 'serially'),
    'Its methods depend on where they run: on variables of a module, of which each worker has its own, or on time. Way out: pass it as an ' +
      'argument, or keep it in a field of the job.',
  ])
}

function failure(paragraphs: readonly (string | undefined)[]): AssertionError {
  const message = paragraphs.filter((paragraph) => paragraph !== undefined).join('\n\n')
  return new AssertionError({ message, operator: 'assertSerialEquivalent', stackStartFn: assertSerialEquivalent })
}

const SHOWN = 5

function listOf(found: readonly Difference[], expected: string, actual: string): string {
  const width = Math.max(expected.length, actual.length)
  const lines = found
    .slice(0, SHOWN)
    .flatMap((one) => [
      `  ${one.path}`,
      `    ${expected.padEnd(width)}  ${one.expected}`,
      `    ${actual.padEnd(width)}  ${one.actual}`,
    ])
  const more = found.length - SHOWN
  return [...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n')
}

function sayOrder(places: readonly number[], order: readonly number[], { calls, submitted }: Trial): string {
  const said = order
    .filter((place) => places.includes(place))
    .map((place) => sayCall(calls.get(submitted[place - 1]!)!))
    .join(', then ')
  return `To show it, it is enough that these run in another order, and all others in the order in which they were made:\n  ${said}`
}
