import test, { type ExecutionContext } from 'ava'
import { type Executor, inline, threads } from '../../src/index.js'

/** Registers a test once for each executor of this package; all tests of a file share its two workers. */
export function eachExecutor(
  title: string,
  body: (t: ExecutionContext, executor: Executor) => Promise<void> | void,
): void {
  test(`${title} (inline)`, (t) => body(t, inline()))
  test(`${title} (threads)`, (t) => body(t, workers()))
}

let shared: Executor | undefined

function workers(): Executor {
  shared ??= threads({ workers: 2 })
  return shared
}

test.after.always('the workers are gone', async (t) => {
  await shared?.close()
  t.pass()
})
