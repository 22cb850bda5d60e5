import { createHook } from 'node:async_hooks'
import Tinypool from 'tinypool'

type Options = ConstructorParameters<typeof Tinypool>[0]

/** A worker of tinypool's, on which one task runs that lasts as long as its lane. */
export interface Worker {
  /** Ends when the task does; its reason where the worker broke. */
  readonly ended: Promise<unknown>
  /** Stops the worker, whatever it is doing. */
  stop(): Promise<void>
}

/**
 * Starts a worker and its task at once, also while the main thread is about to block: a pool that starts with its worker
 * posts the first task to it without waiting for the event loop, which one that grows later does not.
 */
export function startWorker(filename: string, task: object, transferList: readonly unknown[], options: Options = {}): Worker {
  const pool = new Tinypool({ ...options, filename, minThreads: 1, maxThreads: 1 })
  // A worker that crashes is replaced by a lane of its own, not by the pool.
  pool.options.minThreads = 0
  pool.on('error', () => {})
  const ended = withoutKeepingAlive(() => pool.run(task, { transferList: transferList as never })).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { ended, stop: () => pool.destroy() }
}

// tinypool keeps the process alive while a task runs, and a lane's task always runs. Its handle on the worker can be had
// from the task's async resource alone.
function withoutKeepingAlive<T>(run: () => T): T {
  let task: { workerInfo?: { unref(): void } | null } | undefined
  const hook = createHook({
    init(_, type, __, resource) {
      if (type === 'Tinypool.Task') task = resource
    },
  }).enable()
  try {
    return run()
  } finally {
    hook.disable()
    task?.workerInfo?.unref()
  }
}
