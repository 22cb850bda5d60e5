import test from 'ava'
import { inline, type JobOptions, move, threads } from '../../src/index.js'
import { assertSerialEquivalent, recording, type SerialEquivalentOptions } from '../../src/testing/index.js'
import { Tally } from '../fixtures/tally.js'
import { type Unknown, unknownClass } from '../fixtures/unknown.js'

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

test.serial('its seed repeats a failure in a process that knows nothing of the class yet', async (t) => {
  for (const calls of [2, 3]) {
    const failure = async (options: SerialEquivalentOptions) => {
      const Fresh = unknownClass()
      const makeJob = (options: JobOptions) => {
        Fresh.reset()
        return new Fresh(options)
      }
      const run = (job: Unknown) => job.numbered([...Array(calls).keys()])
      const error = await t.throwsAsync(assertSerialEquivalent(makeJob, run, { executors: [], ...options }))
      return error!.message
    }
    for (const first of [1, 2, 9]) {
      const message = await failure({ seed: first })
      const [, seed] = /To repeat it: assertSerialEquivalent\(makeJob, run, \{ seed: (\d+), seeds: 1 \}\)/.exec(
        message,
      )!
      t.is(await failure({ seed: Number(seed), seeds: 1 }), message)
    }
  }
})

test.serial('what each run makes anew, or moves away, is no difference', async (t) => {
  await t.notThrowsAsync(
    assertSerialEquivalent(make, async (job) => {
      const [moved, buffer] = [new Uint8Array([1, 2]), Buffer.from('text')]
      job.length('a')
      const given = await Promise.all([job.echo(move(moved)), job.echo(buffer)])
      return { given, buffer, at: () => 1, key: Symbol('key'), later: Promise.resolve() }
    }),
  )
  await t.notThrowsAsync(
    assertSerialEquivalent(make, async (job) => {
      job.append(job.shelf.words, 'a')
      job.append(job.shelf.words, 'b')
      await job.wait()
    }),
  )
})

test.serial('arguments that are none, and jobs that run elsewhere, are refused', async (t) => {
  // biome-ignore lint/suspicious/noExplicitAny: what the types refuse must be told to those who have none
  const untyped = assertSerialEquivalent as any
  const run = () => {}
  for (const args of [
    ...[[], [make], [make, run, null], [make, run, { sedes: 1 }], [make, run, { executors: 1 }]],
    ...[
      [make, run, { executors: [threads] }],
      [() => ({}), run],
      [() => new Tally({ executor: inline() }), run],
    ],
  ])
    await t.throwsAsync(untyped(...args), { instanceOf: TypeError, message: /^Cannot use .* assertSerialEquivalent/ })
  await t.throwsAsync(untyped(make, run, { seeds: -1 }), { instanceOf: RangeError, message: /^Cannot use -1 as seeds/ })
  await t.notThrowsAsync(
    assertSerialEquivalent(
      (options) => new Tally({ executor: recording(options.executor) }),
      (job) => job.length('a'),
    ),
  )
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
