import test from 'ava'
import { inline, TimeoutError, threads, WorkerCrashError } from '../../src/index.js'
import { type FaultyOptions, faulty, recording, serial } from '../../src/testing/index.js'
import { Tally } from '../fixtures/tally.js'

const numbers = [1, 2, 3, 4, 5]

async function failuresOf(options: FaultyOptions): Promise<string[]> {
  const job = new Tally({ executor: faulty(inline(), options) })
  for (const n of numbers) job.length('x'.repeat(n))
  return job.wait().then(
    () => [],
    (error: Error) => [error.name],
  )
}

test('by call number', async (t) => {
  const job = new Tally({ executor: faulty(inline(), { crash: [3] }) })
  const error = await t.throwsAsync(
    job.all(numbers, (job, n) => job.length('x'.repeat(n))),
    { instanceOf: WorkerCrashError, message: 'Cannot finish call 3 of Tally.length: its worker died, by faulty().' },
  )
  t.deepEqual(job.failures, [error])
  t.deepEqual(
    [1, 2].map((n) => job.results.get(String(n))),
    [1, 2],
  )
})

test('by method, with its class or without', async (t) => {
  for (const method of ['length', 'Tally.length']) {
    const job = new Tally({ executor: faulty(inline(), { timeout: method }) })
    t.is(await job.append([], 'a'), 1)
    await t.throwsAsync(async () => job.length('a') as unknown, {
      instanceOf: TimeoutError,
      message: /call 2 of Tally\.length/,
    })
    await t.throwsAsync(job.wait())
  }
})

test('by rate, the same for the same seed, whatever the executor', async (t) => {
  const failed = async (seed: number, executor = inline()): Promise<number[]> => {
    const found: number[] = []
    const faults = faulty(executor, { seed, error: { rate: 0.4, error: (_, number) => number } })
    for (let base = 0; base < 20; base++) {
      const job = new Tally({ executor: faults })
      for (let n = 0; n <= base; n++) job.length('x')
      await job.wait().catch((number) => found.push(number as number))
    }
    return found
  }
  await using pool = threads({ workers: 2 })
  const once = await failed(1)
  t.true(once.length > 0 && once.length < 20)
  t.deepEqual(await failed(1, pool), once)
  t.notDeepEqual(await failed(2), once)
})

test('retries are made use of', async (t) => {
  for (const kind of ['crash', 'timeout'] as const) {
    const enough = new Tally({ executor: faulty(inline(), { [kind]: { times: 2 } }) })
    t.is(await enough.tried(3), 9)
    const more = new Tally({ executor: faulty(inline(), { [kind]: { times: 3 } }) })
    await t.throwsAsync(async () => more.tried(3) as unknown, {
      message: /call 1 of Tally\.tried: .*by faulty\(\), 3 times\.$/,
    })
    await t.throwsAsync(more.wait())
  }
})

test('errors are thrown as if by the method, and are the test’s own where it gives them', async (t) => {
  const job = new Tally({ executor: faulty(inline(), { error: 'length' }) })
  job.length('a')
  await t.throwsAsync(job.wait(), { instanceOf: Error, message: 'Call 1 of Tally.length throws, by faulty().' })
  const thrown = new RangeError('mine')
  const other = new Tally({ executor: faulty(inline(), { error: { calls: [2], error: () => thrown } }) })
  other.length('a')
  other.length('b')
  t.is(await other.wait().catch((error) => error), thrown)
})

for (const isBlocking of [false, true]) {
  test(`what is delayed comes after others, and in the end (${isBlocking ? 'blocking' : 'async'})`, async (t) => {
    const recorded = recording(faulty(inline(), { delay: { calls: [1, 5], by: 2 } }))
    const job = new Tally({ executor: recorded })
    const run = isBlocking ? job.allBlocking.bind(job) : job.all.bind(job)
    t.deepEqual([...(await run(numbers, (job, n) => job.length('x'.repeat(n as number)))).values()], numbers)
    const { calls } = recorded
    t.deepEqual(
      calls.map(({ completed }) => completed),
      [3, 1, 2, 4, 5],
    )
    t.deepEqual(
      calls.map(({ committed }) => committed),
      numbers,
    )
  })
}

test('with serial() faults are thrown at the call', (t) => {
  const job = new Tally({ executor: faulty(serial(), { crash: [2] }) })
  t.is(job.length('a'), 1)
  t.throws(() => job.length('b'), { instanceOf: WorkerCrashError })
  t.is(job.length('cc'), 2)
})

test('an error that cannot be made is the error', async (t) => {
  const error = () => {
    throw new RangeError('not made')
  }
  const job = new Tally({ executor: faulty(inline(), { error: { error } }) })
  job.length('a')
  await t.throwsAsync(job.wait(), { instanceOf: RangeError, message: 'not made' })
})

test('without faults nothing changes', async (t) => {
  t.deepEqual(await failuresOf({}), [])
  t.deepEqual(await failuresOf({ crash: 0, delay: 1 }), [])
  t.deepEqual(await failuresOf({ crash: 1 }), ['WorkerCrashError'])
})

test('options that are none are refused', (t) => {
  // biome-ignore lint/suspicious/noExplicitAny: what the types refuse must be told to those who have none
  const untyped = faulty as any
  t.throws(() => untyped(inline(), { crash: 2 }), { instanceOf: RangeError, message: /2 as the rate of crash/ })
  t.throws(() => untyped(inline(), { crash: null }), { instanceOf: TypeError, message: /null as the crash/ })
  t.throws(() => untyped(inline(), { crush: 1 }), {
    instanceOf: TypeError,
    message: /there is no crush; there are seed, crash/,
  })
  for (const fault of [{ calls: 3 }, { calls: [0] }, { method: 5 }, { times: -1 }, { rate: '1' }, { rat: 1 }])
    t.throws(() => untyped(inline(), { crash: fault }), { message: /^Cannot use .* crash of faulty\(\)/ })
  t.throws(() => untyped(inline(), { delay: { by: 0 } }), { instanceOf: RangeError, message: /0 as by of delay/ })
  t.throws(() => untyped(inline(), { error: { error: 5 } }), { instanceOf: TypeError, message: /5 as error of error/ })
  t.throws(() => untyped(inline()), { instanceOf: TypeError, message: /undefined as the options of faulty/ })
  for (const executor of [undefined, {}, threads])
    t.throws(() => untyped(executor, {}), { instanceOf: TypeError, message: /as an executor of faulty/ })
  t.throws(() => untyped(inline(), { seed: 'x' }), { instanceOf: TypeError, message: /seed of faulty/ })
})
