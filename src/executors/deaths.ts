import { TimeoutError, WorkerCrashError } from '../errors.js'
import type { ExecutorCall } from '../protocol.js'

/** Why a worker is no more. */
export interface Death {
  /** Its calls do not run elsewhere. */
  readonly isFinal: boolean
  /** What the call is told that has it to answer for. */
  error(call: ExecutorCall): Error
}

/** The executor has been closed. */
export const closed: Death = { isFinal: true, error: closedError }

/** The worker has ended by itself; `cause` is the error that broke it, or its exit code. */
export function crashed(cause?: unknown): Death {
  return { isFinal: false, error: (call) => crashError(call, cause) }
}

/** The worker was stopped because a call took too long. */
export const overdue: Death = { isFinal: false, error: timeoutError }

// How often a call is run again through no fault of its own: more is no accident.
const MOST = 16

const blamed = new WeakMap<ExecutorCall, number>()
const unblamed = new WeakMap<ExecutorCall, number>()

/** Whether a call that has ended a worker has a retry left, which this takes. */
export function takeRetry(call: ExecutorCall): boolean {
  return count(blamed, call) <= call.route.retries && !isMoved(call)
}

/** Whether a call that was on a worker when another one ended it can run elsewhere. */
export function takeRerun(call: ExecutorCall): boolean {
  return count(unblamed, call) <= MOST && !isMoved(call)
}

function count(counts: WeakMap<ExecutorCall, number>, call: ExecutorCall): number {
  const now = (counts.get(call) ?? 0) + 1
  counts.set(call, now)
  return now
}

// What was moved to a worker has gone with it.
function isMoved({ units }: ExecutorCall): boolean {
  return units.some(({ transfer = [] }) => transfer.length > 0)
}

/** The error for a call whose executor is closed before the call has ended. */
export function closedError({ route }: ExecutorCall): WorkerCrashError {
  return new WorkerCrashError(`Cannot run ${route.name}: its executor has been closed.`)
}

function crashError(call: ExecutorCall, cause: unknown): WorkerCrashError {
  const why =
    cause instanceof Error ? cause.message : typeof cause === 'number' ? `it exited with code ${cause}` : 'it is gone'
  return new WorkerCrashError(
    `Cannot finish a call of ${call.route.name}: its worker died (${why})${tries(call)}. Way out: keep process.exit() ` +
      'and uncaught errors out of concurrent methods, raise resourceLimits in threads(), or @concurrent({ retries }).',
    cause instanceof Error ? { cause } : undefined,
  )
}

function timeoutError(call: ExecutorCall): TimeoutError {
  const { name, timeout } = call.route
  return new TimeoutError(
    `Cannot finish a call of ${name}: it ran for longer than ${timeout} ms, its timeout${tries(call)}. Way out: raise ` +
      '@concurrent({ timeout }), or split the call into shorter ones.',
  )
}

function tries(call: ExecutorCall): string {
  const tried = blamed.get(call) ?? 1
  return tried === 1 ? '' : `, ${tried} times`
}
