import type { Executor } from './protocol.js'
import { Scheduler } from './scheduler.js'
import type { Progress } from './tell-progress.js'
import type { JobOfCall } from './values/snapshot.js'

/** What a job asks of whoever has its calls in hand. */
export type CallScheduler = Pick<
  Scheduler,
  'pending' | 'failures' | 'call' | 'room' | 'wait' | 'waitSync' | 'blocking' | 'cancel'
>

const own = new WeakMap<Executor, (job: JobOfCall) => CallScheduler>()

/** Has the jobs of an executor scheduled by something else: the executor is then asked for nothing. */
export function scheduleBy(executor: Executor, make: (job: JobOfCall) => CallScheduler): void {
  own.set(executor, make)
}

/** Makes the scheduler of a job. */
export function makeScheduler(
  job: JobOfCall,
  executor: Executor,
  onProgress?: (progress: Progress) => void,
): CallScheduler {
  return own.get(executor)?.(job) ?? new Scheduler(job, executor, onProgress)
}
