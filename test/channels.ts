// What is told over node:diagnostics_channel. Channels belong to the thread: one test at a time.

import test, { type ExecutionContext } from 'ava'
import { type BatchTrace, type Executor, inline, processes, threads } from '../src/index.js'
import { Traced } from './fixtures/traced.js'
import { Listening } from './helpers/listening.js'

const executors = {
  inline: () => inline(),
  threads: () => threads({ workers: 2 }),
  processes: () => processes({ workers: 2 }),
}

function onEach(title: string, body: (t: ExecutionContext, executor: Executor) => Promise<void>): void {
  for (const [name, make] of Object.entries(executors)) {
    test.serial(`${title} (${name})`, async (t) => {
      await using executor = make()
      await body(t, executor)
    })
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0)

onEach(
  'of a call is told when it is made, when it has left, when its result is there and when it is over',
  async (t, executor) => {
    using calls = new Listening('call')
    const job = new Traced({ executor })
    await job.allTwice(20)
    await job.allTwice(10)
    t.is(calls.traces.length, 30)
    for (const [i, trace] of calls.traces.entries()) {
      t.is(calls.of(trace), 'start,end,asyncStart,asyncEnd')
      t.like(trace, {
        job,
        method: 'Traced.twice',
        number: i + 1,
        phase: i < 20 ? 1 : 2,
        reruns: 0,
        outcome: 'committed',
      })
      t.deepEqual(trace.args, [i < 20 ? i : i - 20])
      t.true(trace.made <= trace.arrived! && trace.arrived! <= trace.over!)
      t.true(trace.began! <= trace.ended!)
      t.is(trace.worker === 0, executor.name === 'inline')
    }
    const over = calls.told.filter(({ event }) => event === 'asyncEnd').map(({ trace }) => trace.number)
    t.deepEqual(
      over,
      calls.traces.map(({ number }) => number),
      'calls are committed in program order',
    )
  },
)

onEach('calls of a plain method are told of as well', async (t, executor) => {
  using calls = new Listening('call')
  using phases = new Listening('phase')
  new Traced({ executor }).allTwiceBlocking(5)
  t.deepEqual(
    calls.traces.map((trace) => calls.of(trace)),
    new Array(5).fill('start,end,asyncStart,asyncEnd'),
  )
  t.deepEqual(
    phases.traces.map((trace) => phases.of(trace)),
    ['start,asyncEnd'],
  )
})

onEach('a call names the calls whose results it was given', async (t, executor) => {
  using calls = new Listening('call')
  await new Traced({ executor }).fourTimes(3)
  t.deepEqual(
    calls.traces.map(({ inputs }) => inputs.map(({ number }) => number)),
    [[], [1], [], [3], [], [5]],
  )
})

onEach(
  'of a failing call the error is told; what a serial run would not have come to is dropped',
  async (t, executor) => {
    using calls = new Listening('call')
    using phases = new Listening('phase')
    const error = await t.throwsAsync(new Traced({ executor }).allPositive([1, 2, -3, 4, 5]))
    t.deepEqual(
      calls.traces.map(({ outcome }) => outcome),
      ['committed', 'committed', 'failed', 'dropped', 'dropped'],
    )
    const [, , failed, dropped] = calls.traces as [unknown, unknown, ...typeof calls.traces]
    t.is(failed!.error, error)
    t.is(calls.of(failed!), 'start,end,asyncStart,error,asyncEnd')
    t.is(dropped!.error, undefined)
    t.regex(calls.of(dropped!), /^start,end,(asyncStart,)?asyncEnd$/)
    const [phase] = phases.traces
    t.is(phases.of(phase!), 'start,error,asyncEnd')
    t.like(phase, { number: 1, calls: 5, failed: 1, error })
  },
)

onEach('of a cancelled job the calls are dropped', async (t, executor) => {
  using calls = new Listening('call')
  const job = new Traced({ executor })
  const reason = new Error('enough')
  for (let n = 0; n < 5; n++) job.twice(n)
  job.cancel(reason)
  t.is(await t.throwsAsync(job.wait()), reason)
  t.deepEqual(
    calls.traces.map(({ outcome }) => outcome),
    new Array(5).fill('dropped'),
  )
})

onEach('a call that runs again on the committed state is told of once', async (t, executor) => {
  const job = new Traced({ executor })
  // Calls that are known to change what they are given would wait for each other.
  await job.addAll([0, 0, 0, 0])
  using calls = new Listening('call')
  t.is(await job.addAll([1, 2, 3, 4, 5]), 15)
  t.is(calls.traces.length, 5)
  const reruns = sum(calls.traces.map(({ reruns }) => reruns))
  for (const trace of calls.traces) t.is(calls.of(trace), `start,end,${'asyncStart,'.repeat(trace.reruns + 1)}asyncEnd`)
  // Inline nothing is stale; and once it is known what they change, calls wait for each other.
  t.true(executor.name !== 'threads' || reruns > 0)
})

onEach('commits and phases add up to the calls', async (t, executor) => {
  using commits = new Listening('commit')
  using phases = new Listening('phase')
  const job = new Traced({ executor })
  await job.allTwice(300)
  await job.allTwice(200)
  t.is(sum(commits.traces.map(({ calls }) => calls)), 500)
  for (const trace of commits.traces) {
    t.is(commits.of(trace), 'start,end')
    t.true(trace.began <= trace.ended!)
    t.is(trace.job, job)
  }
  t.deepEqual(
    phases.traces.map(({ number, calls, failed }) => [number, calls, failed]),
    [
      [1, 300, 0],
      [2, 200, 0],
    ],
  )
  for (const { began, over } of phases.traces) t.true(began <= over!)
})

for (const name of ['threads', 'processes'] as const) {
  test.serial(`batches add up to the calls, and each call names its batch (${name})`, async (t) => {
    const executor = executors[name]()
    using calls = new Listening('call')
    using batches = new Listening('batch')
    await new Traced({ executor }).allTwice(1000)
    await executor.close()
    t.is(sum(batches.traces.map(({ reported }) => reported)), 1000)
    for (const trace of batches.traces) {
      t.regex(batches.of(trace), /^start(,asyncStart)*,asyncEnd$/)
      t.is(trace.executor, name)
      t.true(trace.sent <= trace.over!)
      t.true(trace.bytesOut > 0)
    }
    const known = new Map(batches.traces.map((trace) => [`${trace.worker}/${trace.number}`, trace]))
    t.is(known.size, batches.traces.length)
    const ran = new Map<BatchTrace, number>()
    for (const trace of calls.traces) {
      const batch = known.get(`${trace.worker}/${trace.batch}`)!
      t.true(batch.calls.includes(trace))
      ran.set(batch, (ran.get(batch) ?? 0) + 1)
    }
    for (const batch of batches.traces) t.is(batch.reported, ran.get(batch) ?? 0)
  })

  test.serial(`calls that run on one worker do so one after the other, each in its own time (${name})`, async (t) => {
    const executor = executors[name]()
    using calls = new Listening('call')
    await new Traced({ executor }).allTwice(500)
    await executor.close()
    for (const worker of new Set(calls.traces.map(({ worker }) => worker))) {
      const spans = calls.traces.filter((trace) => trace.worker === worker).sort((a, b) => a.began! - b.began!)
      for (const [i, { began }] of spans.entries()) t.true(i === 0 || began! >= spans[i - 1]!.ended!)
    }
  })

  test.serial(`what batches carry grows with it (${name})`, async (t) => {
    const executor = executors[name]()
    using batches = new Listening('batch')
    await new Traced({ executor }).sums([Array.from({ length: 1000 }, (_, i) => i)])
    await executor.close()
    const [batch] = batches.traces
    t.true(batch!.bytesOut >= 1000, `${batch!.bytesOut}`)
    t.true(batch!.bytesIn > 0 && batch!.bytesIn < 1000, `${batch!.bytesIn}`)
  })

  test.serial(
    `of a worker is told when it is asked for, when it is ready and when it is no more (${name})`,
    async (t) => {
      using workers = new Listening('worker')
      using calls = new Listening('call')
      const executor = executors[name]()
      await new Traced({ executor }).allTwice(50)
      await executor.close()
      t.true(workers.traces.length >= 1 && workers.traces.length <= 2)
      for (const trace of workers.traces) {
        t.is(trace.executor, name)
        t.regex(workers.of(trace), /^start(,asyncStart)?,asyncEnd$/)
        t.true(trace.started <= (trace.ready ?? trace.over!) && (trace.ready ?? 0) <= trace.over!)
      }
      const known = new Set(workers.traces.map(({ worker }) => worker))
      for (const { worker } of calls.traces) t.true(known.has(worker!))
    },
  )
}

test.serial('asynchronous methods have their time, too', async (t) => {
  await using executor = threads({ workers: 1 })
  using calls = new Listening('call')
  await new Traced({ executor }).allLater(5)
  for (const { began, ended } of calls.traces) t.true(began! <= ended!)
  t.is(calls.traces.length, 5)
})

test.serial('who begins to listen while calls run is told of those that are made from then on', async (t) => {
  await using executor = threads({ workers: 2 })
  const job = new Traced({ executor })
  job.twice(1)
  using calls = new Listening('call')
  using batches = new Listening('batch')
  job.twice(2)
  await job.wait()
  t.deepEqual(
    calls.traces.map(({ number }) => number),
    [2],
  )
  for (const { calls: inBatch } of batches.traces) t.true(inBatch.every(({ number }) => number === 2))
})
