import type { JobMethod } from './job-method.js'
import { learnApart, Profiles } from './profiles.js'
import type { Executor } from './protocol.js'
import { Scheduler } from './scheduler.js'
import { TrackedMap } from './targets/map.js'

/**
 * A job that has made a call, for good. When a full garbage collection finds no instance of a class, V8 forgets the shape of
 * its objects, and with it all code that was optimized for them: the first thousands of calls of the next job would be many
 * times as slow.
 */
export function keepSpecimen(method: JobMethod): void {
  if (specimen !== undefined) return
  const results = new TrackedMap<number, unknown>()
  const { job } = method.route
  const scheduler = new Scheduler({ value: { results }, class: job }, atOnce, undefined, false)
  const future = scheduler.call(method, [0], keepSpecimen)
  results.set(0, future)
  specimen = [scheduler, future]
}

let specimen: readonly object[] | undefined

/** Runs nothing: calls are over as soon as they are made. */
export const atOnce: Executor = {
  name: 'at once',
  importsModules: false,
  submit: (call) => call.succeed(undefined),
  flush() {},
  poll: () => false,
  block() {},
  checkShared: (_, done) => done(),
  close: async () => {},
  [Symbol.asyncDispose]: async () => {},
}

// Of calls that do not run nothing is to be learnt.
learnApart(atOnce, new Profiles())
