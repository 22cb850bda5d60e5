import { types } from 'node:util'
import type { Numbered, Report } from '../protocol.js'
import { isCount } from '../values/malformed.js'

/** What a lane waits for. */
export interface Awaited {
  /** Calls of its first batch that have not been reported. */
  readonly calls: number
  readonly checks: number
  /** Place of the next report among all of its worker's. */
  readonly report: number
}

/**
 * What keeps a message from being the next report of a lane, in words; `undefined` if nothing does. It is looked at once, before
 * anything of it is taken in; each call judges its own reply.
 */
export function faultOf(message: unknown, { calls, checks, report }: Awaited): string | undefined {
  if (typeof message !== 'object' || message === null) return 'it is no report'
  const { number, values, replies = [], failures = [], times, spans, checked, last } = message as Numbered<Report>
  if (number !== report)
    return typeof number === 'number' ? `it is report ${number} where report ${report} was due` : 'it has no number'
  if (!Array.isArray(values) && !types.isFloat64Array(values)) return 'its results are no list'
  if (values.length > calls) return `it has ${values.length} results, and calls that wait for one: ${calls}`
  if (last !== undefined)
    return typeof last === 'object' && last !== null && typeof last.exitCode === 'number'
      ? undefined
      : 'it ends with no words'
  if (checked !== undefined) return checks > 0 ? undefined : 'it answers what was not asked'
  const { step } = message as Report
  if (step !== undefined) return values.length === 0 && isStep(step, calls) ? undefined : 'it is a step of no call'
  if (!isList(replies, values.length) || !isList(failures, values.length)) return 'its replies are no list'
  if (spans !== undefined && !(spans instanceof Float64Array && spans.length === 2 * values.length))
    return 'its calls ran at no times'
  const isTime = (time: unknown) => typeof time === 'number' && time >= 0 && time < Number.POSITIVE_INFINITY
  const areTimes = Array.isArray(times) ? times.length === values.length && times.every(isTime) : isTime(times)
  return areTimes ? undefined : 'its times are no times'
}

function isStep(step: unknown, calls: number): boolean {
  if (!Array.isArray(step)) return false
  const [before, fraction] = step as unknown[]
  return isCount(before, calls - 1) && typeof fraction === 'number' && fraction >= 0 && fraction <= 1
}

// Places of calls in ascending order, and something for each.
function isList(items: unknown, calls: number): boolean {
  if (!Array.isArray(items)) return false
  let last = -1
  return items.every((item) => {
    if (!Array.isArray(item) || !isCount(item[0], calls - 1) || item[0] <= last) return false
    last = item[0]
    return typeof item[1] === 'object' && item[1] !== null
  })
}
