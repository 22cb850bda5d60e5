// One after the other: a recording has all that happens in the thread.

import test from 'ava'
import { threads } from '../../src/index.js'
import { record, type Trace } from '../../src/trace/index.js'
import { Badly } from '../fixtures/badly.js'
import { Survey } from '../fixtures/survey.js'

const sum = <T>(list: readonly T[], of: (item: T) => number) => list.reduce((sum, item) => sum + of(item), 0)

async function recorded(run: (survey: Survey) => Promise<unknown>): Promise<Trace> {
  await using executor = threads({ workers: 2 })
  using recording = record()
  await run(new Survey({ executor }))
  return recording.stop()
}

test.serial('the bytes of calls are those of their batches', async (t) => {
  const { calls, batches } = await recorded((survey) => survey.run(50, ['a', 'bc']))
  t.is(
    sum(calls, ({ bytesOut }) => bytesOut),
    sum(batches, ({ bytesOut }) => bytesOut),
  )
  t.is(
    sum(calls, ({ bytesIn }) => bytesIn),
    sum(batches, ({ bytesIn }) => bytesIn),
  )
  // The curve of 2000 numbers is not sent with each of the calls that it is given to.
  const smooth = calls.filter(({ args }) => args.startsWith('Array(2000)'))
  t.is(smooth.length, 7)
  t.true(smooth.some(({ bytesOut }) => bytesOut > 8 * 2000) && smooth.some(({ bytesOut }) => bytesOut < 100))
})

test.serial('every run that was in vain is kept', async (t) => {
  await using executor = threads({ workers: 2 })
  const job = new Badly({ executor })
  using recording = record()
  t.is(await job.total(4, 1), 4)
  const { calls } = recording.stop()
  t.true(calls.some(({ reruns }) => reruns > 0))
  for (const { stale, reruns, began, made } of calls) {
    t.is(stale.length, reruns)
    let last = made
    for (const run of stale) {
      t.true(run.worker > 0 && run.batch > 0 && run.began >= last && run.ended >= run.began)
      last = run.ended
    }
    t.true(began! >= last)
  }
})

test.serial('a call that waits for the result of another one could run when that was there', async (t) => {
  const { calls } = await recorded(async (survey) => {
    const first = survey.measure(1, 2)
    await survey.measure(first, 1)
  })
  const [first, second] = calls
  t.deepEqual(second!.inputs, [first!.number])
  t.true(second!.ready >= first!.arrived!)
  t.is(first!.ready, first!.made)
  for (const { made, copied, left } of calls) t.true(made <= copied && copied <= left)
})

test.serial('workers that were there before the recording are in it', async (t) => {
  await using executor = threads({ workers: 3 })
  const survey = new Survey({ executor })
  await Promise.all([survey.measure(1, 1), survey.measure(2, 1), survey.measure(3, 1)])
  using recording = record()
  await survey.measure(1, 1)
  const { calls, workers } = recording.stop()
  const [worker] = workers.filter(({ worker }) => worker === calls[0]!.worker)
  t.is(worker!.most, 3)
  t.true(worker!.started < worker!.ready! && worker!.ready! < 0)
  t.is(worker!.over, null)
})
