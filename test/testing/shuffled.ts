import test from 'ava'
import { type Executor, recording, shuffled } from '../../src/testing/index.js'
import { Tally } from '../fixtures/tally.js'
import { unknownClass } from '../fixtures/unknown.js'

const words = ['a', 'b', 'c', 'd', 'e', 'f']

async function orderOf(executor: Executor): Promise<(number | null)[]> {
  const recorded = recording(executor)
  const job = new Tally({ executor: recorded })
  const results = await job.all(words, (job, word) => job.length(word))
  if ([...results.keys()].join('') !== words.join('')) throw new Error('committed in another order')
  return recorded.calls.map(({ completed }) => completed)
}

test('the same seed gives the same order, another one most often another', async (t) => {
  const orders = await Promise.all([7, 7, 8, 9].map((seed) => orderOf(shuffled({ seed }))))
  t.deepEqual(orders[0], orders[1])
  t.notDeepEqual(new Set(orders.map(String)).size, 1)
  t.notDeepEqual(orders[0], [1, 2, 3, 4, 5, 6])
})

test('async calls overlap, and are committed in order', async (t) => {
  await shuffled(async (executor) => {
    const job = new Tally({ executor })
    const lengths = await job.list(words, (job, word) => job.lengthLater(word.repeat(3)))
    t.deepEqual(lengths, [3, 3, 3, 3, 3, 3])
  })
})

test('given what to run, it tries many seeds', async (t) => {
  const names: string[] = []
  await shuffled((executor) => void names.push(executor.name), { seed: 5, runs: 3 })
  t.deepEqual(names, ['shuffled({ seed: 5 })', 'shuffled({ seed: 6 })', 'shuffled({ seed: 7 })'])
})

test('and says with which seed it failed', async (t) => {
  const run = async (executor: Executor) => {
    const order = await orderOf(executor)
    if (order[0]! > order[1]!) throw new RangeError('b came before a')
  }
  const error = await t.throwsAsync(shuffled(run), { instanceOf: RangeError })
  const [, seed] = /^b came before a\n\n.* seed (\d+)\. To repeat it: shuffled\(run, \{ seed: \1, runs: 1 \}\)/.exec(
    error!.message,
  )!
  t.true(error!.stack!.includes(`seed ${seed}`))
  await t.throwsAsync(shuffled(run, { seed: Number(seed), runs: 1 }), { message: /^b came before a/ })
})

test('a seed gives the same order whatever has run before, also of a class of which nothing was known', async (t) => {
  const Unknown = unknownClass()
  const orders = []
  for (let i = 0; i < 3; i++) {
    const recorded = recording(shuffled({ seed: 7 }))
    await new Unknown({ executor: recorded }).squares([1, 2, 3, 4, 5, 6])
    orders.push(recorded.calls.map(({ completed }) => completed))
  }
  t.deepEqual(orders[1], orders[0])
  t.deepEqual(orders[2], orders[0])
})

test('what is no error, or is frozen, becomes the cause of one that says it', async (t) => {
  for (const thrown of ['text', Object.freeze(new Error('frozen'))]) {
    const error = await t.throwsAsync(
      shuffled(() => {
        throw thrown
      }),
    )
    t.is(error!.cause, thrown)
    t.regex(error!.message, /seed 1/)
  }
})

test('a seed that is none, and a number of runs that is none, are refused', async (t) => {
  // biome-ignore lint/suspicious/noExplicitAny: what the types refuse must be told to those who have none
  const untyped = shuffled as any
  for (const options of [undefined, {}, { seed: 1.5 }, { seed: '1' }])
    t.throws(() => untyped(options), { instanceOf: TypeError, message: /^Cannot use .* as the seed of shuffled\(\)/ })
  await t.throwsAsync(
    shuffled(() => {}, { runs: 0 }),
    { instanceOf: RangeError, message: /^Cannot use 0 as runs of shuffled/ },
  )
})
