import test, { type ExecutionContext } from 'ava'
import { type Executor, inline, processes, threads } from '../../src/index.js'
import { alsoProcesses } from './also-processes.js'

type Body = (t: ExecutionContext, executor: Executor) => Promise<void> | void

/** Registers a test once for each executor of this package; all tests of a file share its two workers of a kind. */
export function eachExecutor(title: string, body: Body): void {
  eachInProcess(title, body)
  if (alsoProcesses) test(`${title} (processes)`, (t) => body(t, workers(processes)))
}

/** The same for what does not leave the process. */
export function eachInProcess(title: string, body: Body): void {
  test(`${title} (inline)`, (t) => body(t, inline()))
  test(`${title} (threads)`, (t) => body(t, workers(threads)))
}

const shared = new Map<typeof threads | typeof processes, Executor>()

function workers(make: typeof threads | typeof processes): Executor {
  let executor = shared.get(make)
  if (executor === undefined) {
    executor = make({ workers: 2 })
    shared.set(make, executor)
  }
  return executor
}

test.after.always('the workers are gone', async (t) => {
  await Promise.all([...shared.values()].map((executor) => executor.close()))
  t.pass()
})
