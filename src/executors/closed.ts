import { WorkerCrashError } from '../errors.js'
import type { ExecutorCall } from '../protocol.js'

/** The error for a call whose executor is closed before the call has ended. */
export function closedError({ route }: ExecutorCall): WorkerCrashError {
  return new WorkerCrashError(`Cannot run ${route.name}: its executor has been closed.`)
}
