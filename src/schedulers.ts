import type { JobMethod } from './job-method.js'
import { JobTrace } from './job-trace.js'
import type { Executor } from './protocol.js'
import { Scheduler } from './scheduler.js'
import { recordIfAsked } from './trace/environment.js'
import type { JobOfCall } from './values/snapshot.js'

/** What a job asks of whoever has its calls in hand. */
export interface CallScheduler
  extends Pick<
    Scheduler,
    'pending' | 'failures' | 'room' | 'wait' | 'waitSync' | 'blocking' | 'cancel' | 'through' | 'tellProgress'
  > {
  /** Makes a call, and gives its Future, or what it returned where it ran in place. */
  call(method: JobMethod, args: readonly unknown[], above: Function): unknown
}

const own = new WeakMap<Executor, (job: JobOfCall) => CallScheduler>()

/** Has the jobs of an executor scheduled by something else: the executor is then asked for nothing. */
export function scheduleBy(executor: Executor, make: (job: JobOfCall) => CallScheduler): void {
  own.set(executor, make)
}

/** Makes the scheduler of a job. */
export function makeScheduler(job: JobOfCall, executor: Executor): CallScheduler {
  recordIfAsked()
  return own.get(executor)?.(job) ?? new Scheduler(job, executor, new JobTrace(job.value))
}
