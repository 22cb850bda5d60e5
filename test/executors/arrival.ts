// What listens to the end of a call may wait for another one that is in the same report, or in the next.

import test, { type ExecutionContext } from 'ava'
import { threads } from '../../src/index.js'
import { Numbers } from '../fixtures/numbers.js'
import { blockingListener } from '../helpers/blocking-listener.js'

function shared(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4))
}

async function isToldTheRest(t: ExecutionContext, wait: (job: Numbers) => Promise<void> | void): Promise<void> {
  await using executor = threads({ workers: 1, batch: 20 })
  const [first, job, other] = [new Numbers({ executor }), new Numbers({ executor }), new Numbers({ executor })]
  using blocked = blockingListener(job, other)
  const flag = shared()
  first.waitForFlag(flag)
  for (let n = 0; n < 10; n++) job.nothing(n)
  for (let n = 0; n < 10; n++) other.nothing(n)
  Atomics.store(flag, 0, 1)
  Atomics.notify(flag, 0)
  await wait(job)
  t.is(blocked.times, 10)
  t.is(other.pending, 0)
  await first.wait()
}

test.serial('a listener that blocks is told the rest of the report: async', (t) =>
  isToldTheRest(t, (job) => job.wait()),
)

test.serial('a listener that blocks is told the rest of the report: blocking', (t) =>
  isToldTheRest(t, (job) => job.waitSync()),
)

test.serial('a listener that blocks is told what the next report has', async (t) => {
  await using executor = threads({ workers: 1, batch: 3 })
  const [first, job, other] = [new Numbers({ executor }), new Numbers({ executor }), new Numbers({ executor })]
  const third = new Numbers({ executor })
  using blocked = blockingListener(job, other)
  const [begin, ended] = [shared(), shared()]
  first.waitForFlag(begin)
  // Results of calls as long as these do not wait for company.
  job.countUp(shared(), 20)
  other.countUp(shared(), 20)
  third.raiseFlag(ended)
  Atomics.store(begin, 0, 1)
  Atomics.notify(begin, 0)
  await first.wait()
  // The three left together as soon as the first one was over. Now both reports are there.
  t.not(Atomics.wait(ended, 0, 0, 20_000), 'timed-out')
  job.waitSync()
  t.is(blocked.times, 1)
  t.is(other.pending, 0)
  await third.wait()
})
