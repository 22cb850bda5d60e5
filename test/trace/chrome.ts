// The Trace Event Format: a file is what its readers accept, and its sums are those of the scheduler.

import test from 'ava'
// The example uses the package, and so shares nothing with ../../src.
import { type Progress, shared, threads as threadsOfPackage } from 'deco-ts'
import { Climate } from '../../examples/climate/climate.js'
import { annualPrecipitation } from '../../examples/climate/grid.js'
import { type Executor, inline, threads } from '../../src/index.js'
import { record, type Trace, writeChromeTrace } from '../../src/trace/index.js'
import { Traced } from '../fixtures/traced.js'
import { Folder } from '../helpers/folder.js'
import { faultsOf, readTraceEvents, type TraceFile } from '../helpers/trace-events.js'

async function written(trace: Trace): Promise<TraceFile> {
  using folder = new Folder()
  const file = folder.file('trace.json')
  await writeChromeTrace(trace, file)
  return readTraceEvents(file)
}

async function recorded(executor: Executor, run: (job: Traced) => Promise<unknown>): Promise<Trace> {
  const recording = record()
  await run(new Traced({ executor })).catch(() => {})
  await executor.close()
  return recording.stop()
}

const sum = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0)

test.serial('the climate run: valid, and its sums are those that the scheduler tells', async (t) => {
  const recording = record()
  const executor = threadsOfPackage({ workers: 2 })
  let last: Progress | undefined
  const climate = new Climate({ executor, onProgress: (progress) => (last = { ...progress }) })
  // Less far than the demo looks, to be quick.
  const results = await climate.processDataSet(shared(annualPrecipitation()), 100, 50)
  await executor.close()
  const { traceEvents, otherData } = await written(recording.stop())
  t.deepEqual(faultsOf({ traceEvents, otherData }), [])
  const of = (ph: string, cat: string) => traceEvents.filter((event) => event.ph === ph && event.cat === cat)
  const counts = of('b', 'phase').map(({ args }) => args!.calls as number)
  const commits = traceEvents.filter(({ ph, name }) => ph === 'X' && name === 'commit')
  for (const calls of [
    of('X', 'call').length,
    of('s', 'result').length,
    of('f', 'result').length,
    sum(counts),
    sum(commits.map(({ args }) => args!.calls as number)),
    otherData.calls,
    otherData.committed,
    results.size,
  ])
    t.is(calls, last!.done)
  t.is(last!.done, last!.total)
  t.is(otherData.failed, last!.failed)
  t.is(otherData.missing, 0)
  const batches = of('b', 'batch')
  t.is(otherData.batches, batches.length)
  // Calls that are taken back are in two batches.
  t.true(sum(batches.map(({ args }) => args!.calls as number)) >= last!.done)
  for (const name of ['pending calls', 'bytes under way']) {
    const values = traceEvents.filter((event) => event.ph === 'C' && event.name === name).map(({ args }) => args![name])
    t.is(values.at(-1), 0, name)
    t.true(Math.max(...(values as number[])) > 0, name)
  }
})

test.serial('failing, dropped, repeated and dependent calls are all valid, inline and on threads', async (t) => {
  const runs: ((job: Traced) => Promise<unknown>)[] = [
    (job) => job.allPositive([1, 2, -3, 4, 5]),
    (job) => job.addAll([1, 2, 3, 4]),
    (job) => job.fourTimes(10),
    (job) => job.allLater(5),
  ]
  for (const make of [() => inline(), () => threads({ workers: 2 })])
    for (const run of runs) t.deepEqual(faultsOf(await written(await recorded(make(), run))), [])
})

test.serial('a call tells its number, arguments, times and error', async (t) => {
  const { traceEvents, otherData } = await written(await recorded(inline(), (job) => job.allPositive([1, -2, 3])))
  const [first, second] = traceEvents.filter(({ cat }) => cat === 'call')
  t.like(first, { name: 'Traced.positive', args: { number: 1, phase: 1, args: '1', outcome: 'committed' } })
  t.like(second!.args, { number: 2, args: '-2', outcome: 'failed', error: 'RangeError: -2 is negative' })
  t.like(otherData, { committed: 1, failed: 1, dropped: 1 })
})

test.serial('an empty trace is valid', async (t) => {
  const file = await written(record().stop())
  t.deepEqual(faultsOf(file), [])
  t.is(file.otherData.calls, 0)
})

test('a file that cannot be written is told of', async (t) => {
  await t.throwsAsync(writeChromeTrace(record().stop(), '/nowhere/trace.json'), { code: 'ENOENT' })
})
