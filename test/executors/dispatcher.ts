import test from 'ava'
import { threads } from '../../src/index.js'
import { Numbers } from '../fixtures/numbers.js'
import { VirtualMachine } from '../helpers/virtual-machine.js'

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

// Virtual time that ten jobs take, beside one of many calls that has begun before them, and alone.
function tenJobs(duration: number, beside: { calls: number; duration: number } | undefined): number {
  const costs = { call: 0.0008, batch: 0.012, report: 0.008, wake: 0.01, run: 0.0003 }
  const vm = new VirtualMachine({ workers: 2, processors: 2, costs, duration: ({ args }) => args[0] as number })
  new Numbers({ executor: vm }).block((job) => {
    for (let n = 0; n < 50; n++) job.nothing(duration)
  })
  const long = new Numbers({ executor: vm })
  const { calls = 0 } = beside ?? {}
  for (let n = 0; n < calls; n++) long.nothing(beside!.duration)
  while (long.pending > calls * 0.95) vm.block()
  const since = vm.now
  const jobs = Array.from({ length: 10 }, () => new Numbers({ executor: vm }))
  for (const job of jobs) for (let n = 0; n < 10; n++) job.nothing(duration)
  while (jobs.some(({ pending }) => pending > 0)) vm.block()
  if (beside !== undefined && long.pending === 0) throw new Error('there was nothing beside them')
  return vm.now - since
}

for (const [own, others] of [
  [0.02, 0.02],
  [1, 0.005],
  [1, 1],
  [4, 4],
] as const) {
  test(`ten jobs of ten calls of ${own} ms are fast beside one of thousands of calls of ${others} ms`, (t) => {
    const ratio = tenJobs(own, { calls: 40_000, duration: others }) / tenJobs(own, undefined)
    t.log(`${ratio.toFixed(2)} times their time alone`)
    t.true(ratio < 3)
  })
}
