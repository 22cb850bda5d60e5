import test from 'ava'
import { inline } from '../../src/index.js'
import { assertSerialEquivalent, type SerialEquivalentOptions } from '../../src/testing/index.js'
import { Tally } from '../fixtures/tally.js'

const words = ['a', 'b', 'c', 'd', 'e', 'f']

const make = (options: ConstructorParameters<typeof Tally>[0]) => new Tally(options)

function makeAnew(options: ConstructorParameters<typeof Tally>[0]): Tally {
  Tally.reset()
  return new Tally(options)
}

const tells = test.macro({
  async exec(
    t,
    makeJob: typeof make,
    run: (job: Tally) => unknown,
    options: SerialEquivalentOptions = { executors: [] },
  ) {
    Tally.reset()
    const error = await t.throwsAsync(assertSerialEquivalent(makeJob, run, options), { name: 'AssertionError' })
    t.snapshot(error!.message)
  },
  title: (what) => `it tells how to repeat and understand ${what}`,
})

test.serial('a job that keeps to its arguments, its fields and its result passes, on threads too', async (t) => {
  await t.notThrowsAsync(assertSerialEquivalent(make, (job) => job.all(words, (job, word) => job.length(word))))
  await t.notThrowsAsync(assertSerialEquivalent(make, (job) => job.list(words, (job, word) => job.lengthLater(word))))
  await t.notThrowsAsync(
    assertSerialEquivalent(make, (job) => {
      const list: string[] = []
      return job.all(words, (job, word) => job.append(list, word))
    }),
  )
})

test.serial('so does one whose serial run throws, with the same error after the same results', async (t) => {
  await t.notThrowsAsync(
    assertSerialEquivalent(make, (job) => job.all(['x', 'yy', '', 'z'], (job, word) => job.length(word))),
  )
})

test.serial('a variable of a module as a counter', tells, makeAnew, (job) =>
  job.all(words, (job, word) => job.next(word)),
)

test.serial(
  'the same when it is not reset',
  tells,
  (options) => new Tally(options),
  (job) => job.all(words, (job, word) => job.next(word)),
)

test.serial('a result that depends on another call through shared memory', tells, make, async (job) => {
  const places = new Int32Array(new SharedArrayBuffer(32))
  await job.list([1, 2, 3, 4, 5, 6], (job, n) => job.take(places, n))
  return [...places]
})

test.serial(
  'a method that gives something else in a worker',
  tells,
  (options) => {
    Tally.isHere = true
    return new Tally(options)
  },
  (job) => job.list([1, 2], (job) => job.isHere()),
  {},
)

test.serial('a conflict, which the serial run has none of', tells, make, (job) => {
  const list: string[] = []
  return job.all(words, (job, word) => job.push(list, word))
})

test.serial('on further executors', async (t) => {
  await t.notThrowsAsync(
    assertSerialEquivalent(make, (job) => job.all(words, (job, word) => job.length(word)), {
      seeds: 1,
      executors: [inline()],
    }),
  )
})

test.serial('a seed that is none is refused', async (t) => {
  await t.throwsAsync(
    assertSerialEquivalent(make, () => {}, { seed: 0.5 }),
    {
      instanceOf: TypeError,
      message: /Cannot use 0\.5 as the seed of assertSerialEquivalent\(\)/,
    },
  )
})
