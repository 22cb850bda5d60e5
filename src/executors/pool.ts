import { createHook } from 'node:async_hooks'
import type { Worker as Thread } from 'node:worker_threads'
import Tinypool from 'tinypool'
import type { Starts } from '../starts.js'
import type { WorkerEnd } from './deaths.js'

type Options = ConstructorParameters<typeof Tinypool>[0]

/** A worker of tinypool's, on which one task runs that lasts as long as its lane. */
export interface Worker {
  /** Ends with the task or the worker, whichever is first. */
  readonly ended: Promise<WorkerEnd>
  /** Keeps the process alive until the worker has ended. */
  ref(): void
  /** Stops the worker, whatever it is doing. */
  stop(): Promise<void>
}

/** A worker, as a lane knows it. */
export interface LaneWorker extends Worker {
  /** Counts the calls that it has begun. */
  readonly starts: Starts
  /** How it ended, as far as that can be known without the event loop. */
  readonly end?: WorkerEnd | undefined
}

/**
 * Starts a worker and its task at once, also while the main thread is about to block: a pool that starts with its worker
 * posts the first task to it without waiting for the event loop, which one that grows later does not.
 */
export function startWorker(
  filename: string,
  task: object,
  transferList: readonly unknown[],
  options: Options = {},
): Worker {
  const pool = new Tinypool({ ...options, filename, minThreads: 1, maxThreads: 1 })
  // A worker that crashes is replaced by a lane of its own, not by the pool.
  pool.options.minThreads = 0
  pool.on('error', () => {})
  const stopping = new AbortController()
  const { done, thread } = withoutKeepingAlive(() =>
    pool.run(task, { transferList: transferList as never, signal: stopping.signal }),
  )
  // After process.exit() tinypool's task never ends: the thread itself tells.
  const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  const ended = new Promise<WorkerEnd>((resolve) => {
    // After an error that nobody caught the code is always 1.
    thread.once('error', (error) => resolve({ exitCode: 1, error: [error] }))
    thread.once('exit', (exitCode) => resolve({ exitCode }))
    done.then(
      () => resolve({}),
      (error) => resolve({ error: [error] }),
    )
  })
  return {
    ended,
    ref: () => thread.ref(),
    // Not by destroy(): it throws, where nobody can catch it, if the worker breaks meanwhile.
    stop: () => {
      stopping.abort()
      return exited
    },
  }
}

// tinypool keeps the process alive while a task runs, and a lane's task always runs. Its handle on the worker can be had
// from the task's async resource alone.
function withoutKeepingAlive<T>(run: () => T): { done: T; thread: Thread } {
  let task: { workerInfo: { unref(): void; worker: { thread: Thread } } } | undefined
  const hook = createHook({
    init(_, type, __, resource) {
      if (type === 'Tinypool.Task') task = resource as typeof task
    },
  }).enable()
  try {
    const done = run()
    const { workerInfo } = task!
    workerInfo.unref()
    return { done, thread: workerInfo.worker.thread }
  } finally {
    hook.disable()
  }
}
