import test from 'ava'
import { type Executor, threads } from '../../src/index.js'
import { Faulty } from '../fixtures/faulty.js'
import { callsOf, type RecordedCall } from '../helpers/calls.js'

// Blocks until a call is over. A thread that blocks for longer than that sleeps through the end of the call.
const LIMIT = 20_000

function waitFor(executor: Executor, call: RecordedCall): boolean {
  executor.submit(call)
  let isAwake = true
  while (isAwake && !call.told.some((word) => word !== 'began')) {
    const since = performance.now()
    executor.block(LIMIT)
    isAwake = performance.now() - since < LIMIT
  }
  return isAwake
}

test('a blocked thread goes on when a call was stopped for its timeout', async (t) => {
  await using executor = threads({ workers: 1 })
  const [call] = callsOf(Faulty, (job) => job.hangOnce(new Int32Array(new SharedArrayBuffer(4))))
  t.true(waitFor(executor, call!))
  t.deepEqual(call!.told.slice(-1), ['failure'])
})
