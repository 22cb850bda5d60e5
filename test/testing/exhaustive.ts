import test from 'ava'
import { type Executor, exhaustive, recording } from '../../src/testing/index.js'
import { Tally } from '../fixtures/tally.js'

async function orderOf(executor: Executor, count: number, isAsync = false): Promise<string> {
  const recorded = recording(executor)
  const job = new Tally({ executor: recorded })
  const words = ['aaaaaaa', 'bbbbb', 'ccc', 'dd', 'e'].slice(0, count)
  await job.all(words, (job, word) => (isAsync ? job.lengthLater(word) : job.length(word)))
  return String(recorded.calls.map(({ completed }) => completed))
}

for (const isAsync of [false, true]) {
  test(`every order of completion is tried once (${isAsync ? 'async' : 'plain'} calls)`, async (t) => {
    const orders: string[] = []
    const count = await exhaustive(async (executor) => void orders.push(await orderOf(executor, 4, isAsync)))
    t.is(count, 24)
    t.is(new Set(orders).size, 24)
  })
}

test('a blocking job has all of its orders tried as well', async (t) => {
  const seen = new Set<string>()
  const count = await exhaustive((executor) => {
    const recorded = recording(executor)
    const job = new Tally({ executor: recorded })
    job.allBlocking(['a', 'b', 'c'], (job, word) => job.length(word))
    seen.add(String(recorded.calls.map(({ completed }) => completed)))
  })
  t.is(count, 6)
  t.is(seen.size, 6)
})

test('a failure tells its order, which can be run alone', async (t) => {
  let runs = 0
  const run = async (executor: Executor) => {
    runs++
    if ((await orderOf(executor, 3)) === '3,1,2') throw new RangeError('not so')
  }
  const error = await t.throwsAsync(exhaustive(run), { instanceOf: RangeError })
  t.regex(error!.message, /^not so\n\n.*in the order 2 \(Tally\.length\), 3 \(Tally\.length\), 1 \(Tally\.length\)/)
  t.regex(error!.message, /exhaustive\(run, \{ order: \[2, 3, 1\] \}\)/)
  runs = 0
  await t.throwsAsync(exhaustive(run, { order: [2, 3, 1] }), { instanceOf: RangeError })
  t.is(runs, 1)
  t.is(await exhaustive(run, { order: [1, 2, 3] }), 1)
})

test('too many orders are refused after the first', async (t) => {
  let runs = 0
  await t.throwsAsync(
    exhaustive(
      async (executor) => {
        runs++
        await orderOf(executor, 5)
      },
      { limit: 100 },
    ),
    { instanceOf: RangeError, message: /there are about 120, and the limit is 100.*fewer calls/ },
  )
  t.is(runs, 1)
  await t.throwsAsync(
    exhaustive(() => {}, { limit: 0 }),
    { instanceOf: RangeError, message: /limit must be/ },
  )
})

test('a job that makes other calls the next time is refused', async (t) => {
  let count = 2
  await t.throwsAsync(
    exhaustive(async (executor) => void (await orderOf(executor, ++count))),
    { message: /had 4 open calls where it had 3 before/ },
  )
  await t.throwsAsync(
    exhaustive(async (executor) => void (await orderOf(executor, 2)), { order: [3] }),
    { message: /call 3 is not open at step 1/ },
  )
})
