export type {
  BatchTrace,
  CallTrace,
  CommitTrace,
  PhaseTrace,
  SynchronizedTrace,
  WorkerTrace,
} from './channels.js'
export { type ConcurrentDecorator, concurrent } from './decorators/concurrent.js'
export { type SerializableOptions, serializable } from './decorators/serializable.js'
export { synchronized } from './decorators/synchronized.js'
export * from './errors.js'
export { configure } from './executors/default.js'
export { inline } from './executors/inline.js'
export { type ProcessesOptions, processes } from './executors/processes.js'
export { type ThreadsOptions, threads } from './executors/threads.js'
export type { Future } from './future.js'
export { Job, type JobOptions } from './job.js'
export type { ConcurrentOptions } from './metadata.js'
export type { Progress } from './progress-teller.js'
export type { Executor, Span } from './protocol.js'
export { TrackedArray } from './targets/array.js'
export { TrackedMap } from './targets/map.js'
export { tracked } from './targets/tracked.js'
export { move } from './values/move.js'
export { shared } from './values/shared.js'
export { progress } from './worker/progress.js'
