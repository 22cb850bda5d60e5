import type { Trace } from './trace.js'

/** How many calls stand in a line: a string cannot hold those of a long run. */
export const CALLS_A_LINE = 1000

/** The lines that `writeTrace` writes. */
export function* traceLines(trace: Trace): Generator<string> {
  const { calls, ...rest } = trace
  yield `${JSON.stringify({ recorder: 'deco-ts', ...rest })}\n`
  for (let i = 0; i < calls.length; i += CALLS_A_LINE) yield `${JSON.stringify(calls.slice(i, i + CALLS_A_LINE))}\n`
}
