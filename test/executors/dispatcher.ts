import test from 'ava'
import { threads } from '../../src/index.js'
import { Numbers } from '../fixtures/numbers.js'

const flag = (value: number) => {
  const flag = new Int32Array(new SharedArrayBuffer(4))
  flag[0] = value
  return flag
}

// What the executor has learnt: these calls are short, and change nothing.
async function warmUp(job: Numbers): Promise<void> {
  const raised = flag(1)
  for (let i = 0; i < 50; i++) {
    job.waitForFlag(raised)
    job.raiseFlag(raised)
  }
  await job.wait()
}

test('what waits behind a call that turns out to be long goes to a worker that is free', async (t) => {
  await using executor = threads({ workers: 2 })
  const job = new Numbers({ executor })
  await warmUp(job)
  const lowered = flag(0)
  const waited = job.waitForFlag(lowered)
  // These travel with it, and one of them ends it.
  for (let i = 0; i < 10; i++) job.raiseFlag(flag(0))
  job.raiseFlag(lowered)
  t.not(await waited, 'timed-out')
  await job.wait()
})

test('the same, while the thread is blocked', async (t) => {
  await using executor = threads({ workers: 2 })
  const job = new Numbers({ executor })
  await warmUp(job)
  const lowered = flag(0)
  const [waited] = job.block(() => [job.waitForFlag(lowered), job.raiseFlag(flag(0)), job.raiseFlag(lowered)])
  t.not(waited, 'timed-out')
})

test('calls that were taken back run once, and commit in program order', async (t) => {
  await using executor = threads({ workers: 3, batch: 40 })
  const job = new Numbers({ executor })
  const counter = flag(0)
  for (let round = 0; round < 20; round++) {
    for (let n = 0; n < 60; n++) job.list.push(job.countUp(counter, n % 7))
  }
  await job.wait()
  t.is(counter[0], 1200)
  t.deepEqual(
    [...job.list],
    Array.from({ length: 1200 }, (_, n) => (n % 60) % 7),
  )
})
