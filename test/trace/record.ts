// What is recorded of real runs.

import { setImmediate as turn } from 'node:timers/promises'
import v8 from 'node:v8'
import vm from 'node:vm'
import test from 'ava'
import { inline, threads } from '../../src/index.js'
import { record, type Trace } from '../../src/trace/index.js'
import { Traced } from '../fixtures/traced.js'
import { Listening } from '../helpers/listening.js'

test.serial('a recording has the calls, batches, commits, phases and workers of a run, and they add up', async (t) => {
  const recording = record()
  await using executor = threads({ workers: 2 })
  await new Traced({ executor }).allTwice(500)
  await new Traced({ executor }).allPositive([1, -2, 3]).catch(() => {})
  await executor.close()
  const trace = recording.stop()
  t.is(trace.version, 1)
  t.deepEqual(trace.jobs, ['Traced', 'Traced'])
  t.deepEqual(trace.methods, ['Traced.twice', 'Traced.positive'])
  t.is(trace.calls.length, 503)
  t.is(trace.missing, 0)
  const committed = trace.calls.filter(({ outcome }) => outcome === 'committed').length
  t.is(committed, 501)
  t.is(
    trace.commits.reduce((sum, { calls }) => sum + calls, 0),
    committed,
  )
  t.deepEqual(
    trace.phases.map(({ job, number, calls, failed }) => [job, number, calls, failed]),
    [
      [0, 1, 500, 0],
      [1, 1, 3, 1],
    ],
  )
  t.like(trace.calls[7], {
    job: 0,
    method: 0,
    number: 8,
    phase: 1,
    args: '7',
    inputs: [],
    outcome: 'committed',
    error: null,
  })
  t.is(trace.calls[501]!.error, 'RangeError: -2 is negative')
  for (const { made, began, ended, arrived, over, outcome } of trace.calls) {
    t.true(0 <= made && made <= over && over <= trace.length)
    if (outcome === 'committed') t.true(began! <= ended! && arrived! <= over)
  }
  for (const { over } of [...trace.batches, ...trace.workers, ...trace.phases]) t.true(over! <= trace.length)
})

test.serial('after it is stopped, nothing is recorded', async (t) => {
  const recording = record()
  const job = new Traced({ executor: inline() })
  await job.allTwice(3)
  t.is(recording.stop().calls.length, 3)
  await job.allTwice(3)
  t.is(recording.trace.calls.length, 3)
  t.is(recording.stop().length, recording.trace.length)
})

test.serial('a recording is bounded: what comes later is counted', async (t) => {
  using recording = record({ calls: 10 })
  await new Traced({ executor: inline() }).allTwice(25)
  const { calls, missing, phases } = recording.trace
  t.is(calls.length, 10)
  t.is(missing, 15)
  t.is(phases[0]!.calls, 25)
})

test.serial(
  'recordings overlap: each has what was made while it went on, and counts what it had no room for',
  async (t) => {
    const job = new Traced({ executor: inline() })
    const long = record({ calls: 700 })
    await job.allTwice(30)
    const short = record()
    await job.allTwice(1100)
    const numbers = ({ calls }: Trace) => calls.map(({ number }) => number)
    t.deepEqual(
      numbers(short.stop()),
      Array.from({ length: 1100 }, (_, i) => 31 + i),
    )
    await job.allTwice(20)
    t.deepEqual(
      numbers(long.stop()),
      Array.from({ length: 700 }, (_, i) => 1 + i),
    )
    t.is(long.trace.missing, 450)
    t.is(short.trace.missing, 0)
  },
)

test.serial('every call that is committed is over within a commit, and those of a report are one', async (t) => {
  await using executor = threads({ workers: 2 })
  const job = new Traced({ executor })
  await job.allTwice(10)
  using batches = new Listening('batch')
  using recording = record()
  await job.allTwice(3000)
  const { calls, commits } = recording.trace
  const reports = batches.told.filter(({ event }) => event === 'asyncStart').length
  t.true(commits.length <= reports && reports < 3000, `${commits.length} commits, ${reports} reports`)
  for (const { over } of calls) t.true(commits.some(({ began, ended }) => began <= over && over <= ended))
  t.deepEqual(
    calls.map(({ over }) => over),
    calls.map(({ over }) => over).sort((a, b) => a - b),
  )
})

test.serial('arguments are told of as they were when the call was made', async (t) => {
  using recording = record()
  const job = new Traced({ executor: inline() })
  const list = [1, 2]
  const total = job.sum(list)
  list.push(3)
  await job.wait()
  t.is(await (total as unknown as Promise<number>), 3)
  t.is(recording.trace.calls[0]!.args, 'Array(2)')
})

test.serial('what is thrown need have no words', async (t) => {
  using recording = record()
  const job = new Traced({ executor: inline() })
  const thrown = await t.throwsAsync(job.allWordless(3), { any: true })
  t.deepEqual(thrown as unknown, Object.assign(Object.create(null), { code: 7 }))
  t.is(recording.trace.calls[0]!.error, 'an error that has no words')
  t.deepEqual(
    recording.trace.calls.map(({ outcome }) => outcome),
    ['failed', 'dropped', 'dropped'],
  )
})

test.serial('nothing of a job is held once the recording has ended', async (t) => {
  const job = await (async () => {
    const job = new Traced({ executor: inline() })
    const recording = record()
    await job.allTwice(3)
    recording[Symbol.dispose]()
    return new WeakRef(job)
  })()
  v8.setFlagsFromString('--expose-gc')
  const gc = vm.runInNewContext('gc') as () => void
  for (let round = 0; round < 10 && job.deref() !== undefined; round++) {
    await turn()
    gc()
  }
  t.is(job.deref(), undefined)
})

test.serial('many short recordings cost a long one no tables', async (t) => {
  const job = new Traced({ executor: inline() })
  using long = record()
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 200; i++) {
    using short = record()
    await job.allTwice(1)
    t.is(short.trace.calls.length, 1)
  }
  t.true(process.memoryUsage().arrayBuffers - before < 2e6)
  t.is(long.trace.calls.length, 200)
  t.is(long.trace.missing, 0)
})

test('a bound that is no number of calls is refused', (t) => {
  for (const calls of [0, -1, 1.5, Number.NaN, '7' as never])
    t.throws(() => record({ calls }), { instanceOf: RangeError, message: /record\(\{ calls \}\)/ })
})
