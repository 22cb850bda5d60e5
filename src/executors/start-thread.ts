import type { MessagePort, ResourceLimits } from 'node:worker_threads'
import type { LaneSetup, ThreadSetup } from '../protocol.js'
import { SharedStarts } from '../starts.js'
import { isTwin } from '../worker/twin.js'
import { type LaneWorker, startWorker } from './pool.js'
import { workerFile } from './worker-file.js'

const ENTRY = new URL('../worker/thread.js', import.meta.url).href

interface ThreadStart {
  /** What its calls give back leaves this process. Default: false. */
  readonly isApart?: boolean
  /** How much memory, in bytes, what a call gives back may hold. Default: any amount. */
  readonly longest?: number
  /** Results wait for others for so many ms. Default: a moment. */
  readonly reportAfter?: number
  readonly recycleAbove?: number
  readonly resourceLimits?: ResourceLimits
  readonly execArgv?: string[]
  readonly env?: Record<string, string>
}

/**
 * Starts a worker thread.
 * @throws {DecoError} if the file of workers is not there
 */
export function startThread(
  setup: LaneSetup<MessagePort>,
  { isApart = false, longest, reportAfter, recycleAbove, resourceLimits, execArgv, env }: ThreadStart,
): LaneWorker {
  const starts = new SharedStarts()
  const task: ThreadSetup = { ...setup, isTwin, starts: starts.counts, isApart, longest, reportAfter, recycleAbove }
  const options = {
    ...(resourceLimits !== undefined && { resourceLimits }),
    ...(execArgv !== undefined && { execArgv }),
    ...(env !== undefined && { env }),
  }
  return { ...startWorker(workerFile(ENTRY), task, [setup.port, setup.pulse], options), starts }
}
