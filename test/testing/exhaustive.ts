import test from 'ava'
import { type Executor, exhaustive, mockConcurrent, recording } from '../../src/testing/index.js'
import { Tally } from '../fixtures/tally.js'
import { unknownClass } from '../fixtures/unknown.js'

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

for (const calls of [2, 3, 5]) {
  test(`of a class of which nothing is known yet as well: ${calls} calls`, async (t) => {
    const Unknown = unknownClass()
    const numbers = [...Array(calls).keys()]
    const orders = new Set<string>()
    const count = await exhaustive(async (executor) => {
      const recorded = recording(executor)
      t.deepEqual(
        await new Unknown({ executor: recorded }).squares(numbers),
        numbers.map((n) => n * n),
      )
      orders.add(String(recorded.calls.map(({ completed }) => completed)))
    })
    const expected = numbers.reduce((product, n) => product * (n + 1), 1)
    t.deepEqual([count, orders.size], [expected, expected])
  })
}

test('a mock is one of the calls whose orders are tried', async (t) => {
  const Unknown = unknownClass()
  using _ = mockConcurrent(Unknown, 'square', (n) => -n)
  const count = await exhaustive(async (executor) =>
    t.deepEqual(await new Unknown({ executor }).squares([1, 2, 3]), [-1, -2, -3]),
  )
  t.is(count, 6)
})

test('a failure tells its order, which can be run alone', async (t) => {
  const run = async (executor: Executor) => {
    if ((await orderOf(executor, 3)) === '3,1,2') throw new RangeError('not so')
  }
  const error = await t.throwsAsync(exhaustive(run), { instanceOf: RangeError })
  t.regex(error!.message, /^not so\n\n.*in the order 2 \(Tally\.length\), 3 \(Tally\.length\), 1 \(Tally\.length\)/)
  t.regex(error!.message, /exhaustive\(run, \{ order: \[2, 3, 1\] \}\)/)
  await t.throwsAsync(exhaustive(run, { order: [2, 3, 1] }), { instanceOf: RangeError })
  t.is(await exhaustive(run, { order: [1, 2, 3] }), 1)
})

test('too many orders are refused after the first', async (t) => {
  const orders = new Set<string>()
  await t.throwsAsync(
    exhaustive(async (executor) => void orders.add(await orderOf(executor, 5)), { limit: 100 }),
    { instanceOf: RangeError, message: /there are about 120, and the limit is 100.*fewer calls/ },
  )
  t.is(orders.size, 1)
})

test('arguments that are none are refused', async (t) => {
  // biome-ignore lint/suspicious/noExplicitAny: what the types refuse must be told to those who have none
  const untyped = exhaustive as any
  for (const args of [[], [7], [() => {}, null], [() => {}, { order: '1' }], [() => {}, { limits: 1 }]])
    await t.throwsAsync(untyped(...args), { instanceOf: TypeError, message: /^Cannot use .* exhaustive\(\)/ })
  await t.throwsAsync(
    untyped(() => {}, { limit: 0 }),
    { instanceOf: RangeError, message: /^Cannot use 0 as limit/ },
  )
})

test('a job that makes other calls the next time is refused', async (t) => {
  let count = 2
  await t.throwsAsync(
    exhaustive(async (executor) => void (await orderOf(executor, ++count))),
    { message: /had \d+ open calls where it had \d+ before/ },
  )
  await t.throwsAsync(
    exhaustive(async (executor) => void (await orderOf(executor, 2)), { order: [3] }),
    { message: /call 3 is not open at step 1/ },
  )
})
