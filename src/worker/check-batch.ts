import { types } from 'node:util'
import { DecoError } from '../errors.js'
import type { Batch, Numbered } from '../protocol.js'
import { MOST_CALLS, SLOTS } from '../starts.js'
import { isCount } from '../values/malformed.js'

/**
 * Sees to it that a message is the next batch of a lane, and has the calls and arguments that it says. What single calls name is
 * looked at when they run.
 * @throws {DecoError} otherwise: whoever sent it cannot be told which calls those are
 */
export function checkBatch(message: unknown, number: number): asserts message is Numbered<Batch> {
  const fault = faultOf(message, number)
  if (fault === undefined) return
  throw new DecoError(
    `Cannot run a batch of calls: ${fault}. Way out: leave the ports of workers to deco-ts; if nothing else writes to them, ` +
      'please report it.',
  )
}

function faultOf(message: unknown, due: number): string | undefined {
  if (typeof message !== 'object' || message === null) return 'it is none'
  const { number, slot, calls, route, count, args, states, objects = [] } = message as Numbered<Batch>
  if (number !== due)
    return typeof number === 'number' ? `it is message ${number} where message ${due} was due` : 'it has no number'
  if (!isCount(calls, MOST_CALLS) || !isCount(slot, SLOTS - 1)) return 'it has no number of calls'
  if (!Array.isArray(states) || !Array.isArray(objects)) return 'its calls see nothing'
  if (typeof route !== 'number' && !(Array.isArray(route) && route.length === calls)) return 'its calls have no routes'
  if (!Array.isArray(args) && !types.isFloat64Array(args)) return 'its calls have no arguments'
  return args.length === argumentsOf(count, calls) ? undefined : 'its calls have more or fewer arguments than it says'
}

function argumentsOf(count: unknown, calls: number): number {
  if (!Array.isArray(count)) return isCount(count, Number.MAX_SAFE_INTEGER) ? count * calls : -1
  if (count.length !== calls) return -1
  let sum = 0
  for (const each of count) {
    if (!isCount(each, Number.MAX_SAFE_INTEGER)) return -1
    sum += each
  }
  return sum
}
