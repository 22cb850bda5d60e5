import { DecoError, TimeoutError, WorkerCrashError } from '../errors.js'
import type { ExecutorCall } from '../protocol.js'

/** How a worker ended, as far as it is known. */
export interface WorkerEnd {
  readonly exitCode?: number | undefined
  readonly signal?: string | undefined
  /** The error that nobody caught, in a list of its own: anything can be thrown. */
  readonly error?: readonly [unknown]
}

/**
 * What a call had to do with the end of its worker: it was running; its module was being imported; the worker never came to
 * any call; or nothing.
 */
export type Part = 'run' | 'import' | 'start' | 'none'

/** Why a worker is no more. */
export interface Death {
  /** Its calls do not run elsewhere. */
  readonly isFinal?: boolean
  /** What a call is told. */
  error(call: ExecutorCall, part: Part): Error
  /** Says aloud what no call can be told. */
  warn?(): void
}

/** The executor has been closed. */
export const closed: Death = { isFinal: true, error: closedError }

/** The worker has ended by itself. */
export function crashed(end: WorkerEnd = {}): Death {
  return { error: (call, part) => crashError(call, part, reasonOf(end), end), warn: () => warn(end) }
}

/** The worker was stopped because it sent what cannot be believed, not even whose results they are. */
export function garbled(fault: string): Death {
  const error = new DecoError(
    `Cannot take in a message from a worker: ${fault}, against the protocol of deco-ts. Way out: leave the ports of workers to ` +
      'deco-ts; if nothing else writes to them, please report it.',
  )
  return { error: (call, part) => crashError(call, part, error.message, { error: [error] }) }
}

/** The worker was stopped because a call took too long, or it came to no call for too long. */
export const overdue: Death = {
  error: (call, part) =>
    part === 'none' ? crashError(call, part, 'it was stopped after a timeout') : timeoutError(call, part),
}

/** The worker was stopped because it was busy with what nobody waits for. */
export const unwanted: Death = {
  error: (call, part) => crashError(call, part, 'it was stopped with a call that was cancelled'),
}

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
export function closedError(call: ExecutorCall): WorkerCrashError {
  const { name } = call.route
  return new WorkerCrashError(`Cannot run ${name}: its executor has been closed.`, detailsOf(call))
}

function crashError(call: ExecutorCall, part: Part, why: string, end: WorkerEnd = {}): WorkerCrashError {
  const { name, method } = call.route
  const what = {
    run: `its worker died (${why})${tries(call)}`,
    import: `its worker died while it imported ${method.module} (${why})${tries(call)}`,
    start: `its worker died before it had started (${why})${tries(call)}`,
    none: isMoved(call)
      ? `its worker died of something else (${why}), and what was moved there has gone with it`
      : `its workers died of something else, ${MOST} times, at last so: ${why}`,
  }
  return new WorkerCrashError(
    `Cannot finish a call of ${name}: ${what[part]}. Way out: keep process.exit() and uncaught errors out of concurrent ` +
      'methods, raise the executor’s resourceLimits, or @concurrent({ retries }).',
    { ...detailsOf(call), exitCode: end.exitCode, signal: end.signal },
    end.error && { cause: end.error[0] },
  )
}

function timeoutError(call: ExecutorCall, part: Part): TimeoutError {
  const { name, timeout, method } = call.route
  const message =
    part === 'run'
      ? `Cannot finish a call of ${name}: it ran for longer than ${timeout} ms, its timeout${tries(call)}. Way out: raise ` +
        '@concurrent({ timeout }), or split the call into shorter ones.'
      : `Cannot begin a call of ${name}: its worker did not ${part === 'import' ? `finish importing ${method.module}` : 'start'} in ` +
        `time${tries(call)}. Way out: let nothing at the top level of a module wait for what may never come, or raise ` +
        '@concurrent({ timeout }).'
  return new TimeoutError(message, detailsOf(call))
}

function detailsOf(call: ExecutorCall): { method: string; attempts: number } {
  return { method: call.route.name, attempts: blamed.get(call) ?? 0 }
}

function tries(call: ExecutorCall): string {
  const tried = blamed.get(call) ?? 1
  return tried === 1 ? '' : `, ${tried} times`
}

// A thread that runs out of memory is stopped where it is, and cannot say a word. Hardly anything else ends so.
function reasonOf({ exitCode, signal, error }: WorkerEnd): string {
  if (error !== undefined) return error[0] instanceof Error ? error[0].message : `uncaught: ${describe(error[0])}`
  if (signal !== undefined) return `it was ended by ${signal}`
  if (exitCode !== undefined) return `it exited with code ${exitCode}`
  return 'it is gone without a word, as when memory runs out'
}

function warn(end: WorkerEnd): void {
  const thrown = end.error?.[0]
  process.emitWarning(`A worker died between calls (${reasonOf(end)}). What it had still to do runs elsewhere.`, {
    type: 'WorkerCrashWarning',
    ...(thrown instanceof Error && thrown.stack !== undefined && { detail: thrown.stack }),
  })
}

function describe(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return typeof thrown
  }
}
