import test from 'ava'
import { inline, PendingReadError, threads, WorkerCrashError } from '../../src/index.js'
import { faulty, mockConcurrent, recording, serial, shuffled } from '../../src/testing/index.js'
import { Tally } from '../fixtures/tally.js'

const sum = (job: Tally, words: readonly string[]) => job.all(words, (job, word) => job.length(word))

for (const [name, make] of Object.entries({ inline, threads: () => threads({ workers: 1 }) })) {
  test.serial(`a mock takes the place of a method until the block ends (${name})`, async (t) => {
    await using executor = make()
    const job = new Tally({ executor })
    t.is(await job.length('a'), 1)
    {
      const seen: string[] = []
      using _ = mockConcurrent(Tally, 'length', (text) => {
        seen.push(text)
        return 100
      })
      t.deepEqual([...(await sum(job, ['a', 'b'])).values()], [100, 100])
      t.deepEqual(seen, ['a', 'b'])
      t.deepEqual([...(await sum(new Tally({ executor }), ['c'])).values()], [100])
    }
    t.deepEqual([...(await sum(job, ['ab'])).values()], [100, 100, 2])
    t.is(job.length.name, 'length')
  })

  test.serial(`its calls remain calls: Futures, order, errors, changes (${name})`, async (t) => {
    await using executor = make()
    const job = new Tally({ executor })
    using _ = mockConcurrent(Tally, 'push', function (list, text) {
      t.true(this instanceof Tally)
      t.not(this, job)
      if (text === 'x') throw new RangeError('mocked')
      return list.push(text.toUpperCase())
    })
    const list: string[] = []
    job.results.set('a', job.push(list, 'a'))
    t.throws(() => job.results.get('a'), { instanceOf: PendingReadError })
    job.results.set('b', job.length('bb'))
    await job.wait()
    t.deepEqual(
      [...job.results],
      [
        ['a', 1],
        ['b', 2],
      ],
    )
    t.deepEqual(list, ['A'])
    await t.throwsAsync(
      job.all(['x', 'y'], (job, text) => (text === 'x' ? job.push(list, text) : job.length(text))),
      { instanceOf: RangeError, message: 'mocked' },
    )
    t.is(job.failures.length, 1)
  })

  test.serial(`a plain method blocks for mocks and others alike (${name})`, async (t) => {
    await using executor = make()
    using _ = mockConcurrent(Tally, 'push', () => 7)
    const job = new Tally({ executor })
    const results = job.allBlocking(['a', 'bb', 'c', 'dddd'], (job, text) =>
      text.length === 1 ? job.push([], text) : job.length(text),
    )
    t.deepEqual([...results.values()], [7, 2, 7, 4])
  })

  test.serial(`async mocks are awaited, and a plain method says that it cannot block for one (${name})`, async (t) => {
    await using executor = make()
    using _ = mockConcurrent(Tally, 'lengthLater', async (text) => text.length * 2)
    t.deepEqual(await new Tally({ executor }).list(['a', 'bb'], (job, text) => job.lengthLater(text)), [2, 4])
    using __ = mockConcurrent(Tally, 'lengthLater', () => new Promise<number>(() => {}))
    const job = new Tally({ executor })
    t.throws(() => job.allBlocking(['a'], (job, text) => job.lengthLater(text)), { instanceOf: PendingReadError })
    job.cancel('enough')
    t.is(await job.wait().catch((reason) => reason), 'enough')
  })
}

for (const [name, make] of Object.entries({
  inline,
  shuffled: () => shuffled({ seed: 1 }),
  threads: () => threads({ workers: 1 }),
})) {
  test.serial(`its calls are recorded, and have faults (${name})`, async (t) => {
    await using executor = recording(make())
    using _ = mockConcurrent(Tally, 'length', () => 7)
    const words = ['a', 'bb']
    for (const job of [new Tally({ executor }), new Tally({ executor: faulty(executor, { delay: 1 }) })]) {
      t.deepEqual([...(await sum(job, words)).values()], [7, 7])
      t.deepEqual([...job.allBlocking(words, (job, word) => job.length(word)).values()], [7, 7])
      const { calls } = executor
      t.deepEqual(
        calls.map(({ args, outcome }) => [args[0], outcome]),
        [...words, ...words].map((word) => [word, { returned: 7 }]),
      )
      executor.clear()
    }
    const error = await t.throwsAsync(sum(new Tally({ executor: faulty(executor, { crash: [2] }) }), words))
    t.true(error instanceof WorkerCrashError)
  })
}

test.serial('with serial() it is called at once', (t) => {
  using _ = mockConcurrent(Tally, 'length', () => 5)
  t.is(new Tally({ executor: serial() }).length('a'), 5)
})

test.serial('mocks of one method can be restored in any order', async (t) => {
  const value = () => new Tally({ executor: serial() }).length('a')
  const first = mockConcurrent(Tally, 'length', () => 10)
  const second = mockConcurrent(Tally, 'length', () => 20)
  t.is(value(), 20)
  first.restore()
  t.is(value(), 20)
  second.restore()
  t.is(value(), 1)
  second.restore()
  t.is(value(), 1)
})

test.serial('a mock of a subclass leaves other classes alone', (t) => {
  class Louder extends Tally {}
  using _ = mockConcurrent(Louder, 'length', () => 10)
  t.is(new Louder({ executor: serial() }).length('a'), 10)
  t.is(new Tally({ executor: serial() }).length('a'), 1)
})

test.serial('what is no concurrent method cannot be mocked', (t) => {
  // biome-ignore lint/suspicious/noExplicitAny: what the types refuse must be told to those who have none
  const untyped = mockConcurrent as any
  for (const name of ['all', 'wait', 'nothing'])
    t.throws(() => untyped(Tally, name, () => {}), {
      instanceOf: TypeError,
      message: `Cannot mock Tally.${name}: it is no @concurrent method.`,
    })
  t.throws(() => untyped(Tally, 'length', 7), { instanceOf: TypeError, message: /the mock is 7, not a function/ })
  t.throws(() => untyped(undefined, 'length', () => {}), { instanceOf: TypeError })
})
