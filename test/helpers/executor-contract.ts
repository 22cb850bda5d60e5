import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestFn } from 'ava'
import { type Executor, RegistrationError, SerializationError, WorkerCrashError } from '../../src/index.js'
import type { Route } from '../../src/protocol.js'
import { Contract, Counted } from '../fixtures/contract.js'
import { callsOf, type RecordedCall } from './calls.js'

let numbers = 0

/** What an executor under test can do. */
export interface Abilities {
  /** Calls run beside each other, on at least two workers. */
  readonly parallel: boolean
  /** The thread that waits for async methods may block. */
  readonly blocks: boolean
  /** Its workers take so long to start that tests are run one after the other. Default: false. */
  readonly serial?: boolean
}

/** The tests that every executor passes. `makeExecutor` makes one of two workers, where it has workers. */
export function executorContract(
  ava: TestFn,
  name: string,
  makeExecutor: () => Executor,
  { parallel, blocks, serial = false }: Abilities,
): void {
  const test = serial ? ava.serial : ava
  const start = (t: { teardown(end: () => Promise<void>): void }): Executor => {
    const executor = makeExecutor()
    t.teardown(() => executor.close())
    return executor
  }
  const submit = (executor: Executor, calls: readonly RecordedCall[]): void => {
    for (const call of calls) executor.submit(call)
    executor.flush()
  }

  test(`${name}: every call has exactly one outcome, whatever becomes of it`, async (t) => {
    const executor = start(t)
    const calls = callsOf(
      Contract,
      (job) => job.add(1),
      (job) => void job.addLater(2),
      (job) => job.push([], 3),
      (job) => job.fail('text'),
      (job) => void job.failLater('later'),
      (job) => job.refuse(),
      (job) => job.add(7),
    )
    submit(executor, calls)
    const outcomes = await Promise.allSettled(calls.map(({ value }) => value))
    await executor.close()
    t.deepEqual(
      outcomes.map(({ status }) => status === 'fulfilled'),
      [true, true, true, false, false, false, true],
    )
    for (const { told } of calls) t.deepEqual(told.filter((word) => word !== 'began').length, 1)
  })

  test(`${name}: primitives that change nothing are told as such, everything else as a reply`, async (t) => {
    const executor = start(t)
    const calls = callsOf(
      Contract,
      (job) => job.add(1),
      (job) => job.same([1]),
      (job) => job.push([], 1),
      (job) => job.fail(1),
    )
    submit(executor, calls)
    await Promise.allSettled(calls.map(({ value }) => value))
    t.deepEqual(
      calls.map(({ told }) => told.at(-1)),
      ['value', 'reply', 'reply', 'reply'],
    )
  })

  test(`${name}: a call is told that it began before its outcome, if at all`, async (t) => {
    const executor = start(t)
    const calls = callsOf(Contract, ...times(40, (i) => (job) => job.add(i)))
    submit(executor, calls)
    await Promise.all(calls.map(({ value }) => value))
    for (const { told } of calls) t.false(told.slice(told.indexOf('value')).includes('began'))
  })

  test(`${name}: results are committed in the order of the calls, not of their ends`, async (t) => {
    const job = new Contract({ executor: start(t) })
    const rounds = Array.from({ length: 60 }, (_, i) => 60 - i)
    t.deepEqual(
      [...(await job.all(rounds, (job, n) => job.spin(n)))],
      rounds.map((n) => [n, n]),
    )
  })

  test(`${name}: primitives arrive as they were sent, both ways`, async (t) => {
    const job = new Contract({ executor: start(t) })
    const values = [
      undefined,
      null,
      true,
      false,
      0,
      -0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1e300,
      7n,
      -(2n ** 70n),
      '',
      '\ud800 \0 ü',
    ]
    const results = await job.all(values.keys(), (job, i) => job.same(values[i]))
    for (const [i, value] of values.entries()) t.true(Object.is(results.get(i), value), String(value))
  })

  test(`${name}: objects arrive as they were sent, both ways`, async (t) => {
    const job = new Contract({ executor: start(t) })
    const cycle: unknown[] = ['round']
    cycle.push(cycle)
    const sparse = [1, 2, 3]
    delete sparse[1]
    const values = [
      { a: { b: sparse } },
      new Map([[{ k: 1 }, new Set([2n])]]),
      new Date(0),
      /x/giu,
      Float64Array.of(-0, 1),
      cycle,
    ]
    const results = await job.all(values.keys(), (job, i) => job.same(values[i]))
    t.deepEqual([...results.values()], values)
  })

  test(`${name}: what a call changes in its arguments and its job is written back`, async (t) => {
    const job = new Contract({ executor: start(t) })
    const list = [1]
    t.deepEqual([...(await job.all([0], (job) => job.push(list, 2))).values()], [2])
    t.deepEqual(list, [1, 2])
    await job.all([0], (job) => job.setBase(7))
    t.is(job.base, 7)
    t.is((await job.all([0], (job) => job.add(1))).get(0), 8)
  })

  test(`${name}: calls never share an object, also where they travel together and saw the same`, async (t) => {
    const executor = start(t)
    const list = [0, 0]
    const calls = callsOf(Contract, (job) => {
      for (let i = 0; i < 20; i++) job.pushSecretly(list)
    })
    submit(executor, calls)
    t.deepEqual(new Set(await Promise.all(calls.map(({ value }) => value))), new Set([3]))
    t.deepEqual(list, [0, 0])
  })

  test(`${name}: within one call identity holds, for arguments and for what the job holds`, async (t) => {
    const executor = start(t)
    const list = [1]
    const cases: [(job: Contract) => unknown, boolean[]][] = [
      [(job) => job.areSame(list, list as object), [true, false, false]],
      [(job) => job.areSame(list, { inner: list }), [false, true, false]],
      [
        (job) => {
          job.list = list
          return job.areSame(list, {})
        },
        [false, false, true],
      ],
    ]
    for (const [call, expected] of cases)
      t.deepEqual((await new Contract({ executor }).all([0], call)).get(0), expected)
  })

  test(`${name}: an object that many calls read is decoded once, or twice, in each worker`, async (t) => {
    const executor = start(t)
    // Another number for each executor: this thread is the worker of several.
    const number = ++numbers
    const counted = new Counted(number)
    const calls = callsOf(Contract, ...times(30, () => (job) => job.decodes(counted)))
    submit(executor, calls)
    for (const { value } of calls) {
      const [n, decoded] = (await value) as [number, number]
      t.is(n, number)
      t.true(decoded <= 2, `decoded ${decoded} times`)
    }
  })

  test(`${name}: errors keep class, message, own properties and cause; what is no error is thrown as it is`, async (t) => {
    const job = new Contract({ executor: start(t) })
    const error = await t.throwsAsync<RangeError & { code?: string }>(
      job.all([0], (job) => job.failLater('late')),
      {
        instanceOf: RangeError,
        message: 'late',
      },
    )
    t.is(error?.code, 'E_LATER')
    t.true(error?.cause instanceof TypeError)
    for (const thrown of ['text', 7, null, undefined]) {
      const caught = await job
        .all([0], (job) => job.fail(thrown))
        .then(
          () => 'nothing',
          (error) => error,
        )
      t.is(caught, thrown)
    }
  })

  test(`${name}: the first error in the order of the calls is thrown, after everything before it`, async (t) => {
    const job = new Contract({ executor: start(t) })
    await t.throwsAsync(
      job.all([0, 1, 2, 3, 4, 5], (job, n) => job.failAt(n)),
      { instanceOf: RangeError, message: 'no 3', code: 'E3' },
    )
    t.deepEqual(
      [0, 1, 2].map((n) => job.results.get(n)),
      [0, 1, 2],
    )
  })

  test(`${name}: a result that cannot cross is a SerializationError of its call alone`, async (t) => {
    const executor = start(t)
    const calls = callsOf(
      Contract,
      (job) => job.refuse(),
      (job) => job.add(1),
    )
    submit(executor, calls)
    const error = await t.throwsAsync(calls[0]!.value, { instanceOf: SerializationError })
    t.regex(error!.message, /result of Contract\.refuse/)
    t.is(await calls[1]!.value, 101)
  })

  test(`${name}: async methods are awaited`, async (t) => {
    const job = new Contract({ executor: start(t) })
    t.deepEqual(
      [...(await job.all([1, 2, 3], (job, n) => job.addLater(n)))],
      [
        [1, 101],
        [2, 102],
        [3, 103],
      ],
    )
  })

  test(`${name}: a call that was flushed ends without anyone asking again`, async (t) => {
    const executor = start(t)
    const [call] = callsOf(Contract, (job) => job.add(1))
    submit(executor, [call!])
    t.is(await call!.value, 101)
  })

  test(`${name}: poll takes in nothing where nothing has arrived`, (t) => {
    t.false(start(t).poll())
  })

  test(`${name}: a blocked thread takes results in without the event loop`, (t) => {
    const executor = start(t)
    const calls = callsOf(Contract, ...times(100, (i) => (job) => job.spin(i)))
    submit(executor, calls)
    for (let i = 0; i < 1000 && calls.some(({ told }) => !told.includes('value')); i++)
      if (!executor.poll()) executor.block(1000)
    t.true(calls.every(({ told }) => told.includes('value')))
  })

  test(`${name}: a plain @synchronized method gives what an async one does`, async (t) => {
    const executor = start(t)
    const keys = Array.from({ length: 50 }, (_, i) => i)
    const blocking = new Contract({ executor }).allBlocking(keys, (job, n) => job.add(n))
    t.deepEqual([...blocking], [...(await new Contract({ executor }).all(keys, (job, n) => job.add(n)))])
  })

  if (blocks) {
    test(`${name}: a blocked thread waits for async methods, and no longer than it was told to`, (t) => {
      const executor = start(t)
      t.is(new Contract({ executor }).allBlocking([1], (job, n) => job.addLater(n)).get(1), 101)
      const [call] = callsOf(Contract, (job) => void job.never())
      submit(executor, [call!])
      executor.block(5)
      executor.block(5)
      t.false(call!.told.includes('value'))
    })
  } else {
    test(`${name}: blocking on an async method throws, and says what to do`, (t) => {
      const executor = start(t)
      submit(
        executor,
        callsOf(Contract, (job) => void job.never()),
      )
      t.throws(() => executor.block(), { message: /^Cannot block .*Make the @synchronized method async/ })
    })
  }

  test(`${name}: cancelled calls are not begun`, async (t) => {
    const executor = start(t)
    const calls = callsOf(Contract, ...times(10, (i) => (job) => job.add(i)))
    for (const call of calls.slice(0, 9)) call.isCancelled = true
    submit(executor, calls)
    t.is(await calls[9]!.value, 109)
    await executor.close()
    t.deepEqual(
      calls.slice(0, 9).flatMap(({ told }) => told),
      [],
    )
  })

  test(`${name}: close() fails the calls that are open, running or not`, async (t) => {
    const executor = makeExecutor()
    const calls = callsOf(Contract, ...times(6, () => (job) => void job.never()))
    submit(executor, calls)
    await executor.close()
    for (const { value, told } of calls) {
      const error = await t.throwsAsync(value, { instanceOf: WorkerCrashError })
      t.regex(error!.message, /Contract\.never/)
      t.is(told.filter((word) => word !== 'began').length, 1)
    }
  })

  test(`${name}: a call after close() fails, and close() can be called again`, async (t) => {
    const executor = makeExecutor()
    await executor.close()
    await executor[Symbol.asyncDispose]()
    const [call] = callsOf(Contract, (job) => job.add(1))
    submit(executor, [call!])
    const error = await t.throwsAsync(call!.value, { instanceOf: WorkerCrashError })
    t.regex(error!.message, /^Cannot run Contract\.add: its executor has been closed/)
  })

  test(`${name}: many calls`, async (t) => {
    const job = new Contract({ executor: start(t) })
    const results = await job.all(Array(20_000).keys(), (job, n) => job.add(n))
    t.is(results.size, 20_000)
    t.true([...results].every(([n, sum], i) => n === i && sum === 100 + i))
  })

  test(`${name}: uneven calls, some of them thousands of times as long as others`, async (t) => {
    const job = new Contract({ executor: start(t) })
    const rounds = Array.from({ length: 300 }, (_, i) => (i % 50 === 7 ? 3000 + i : i % 3))
    const results = await job.all(rounds.keys(), (job, i) => job.spin(rounds[i]!))
    t.deepEqual(
      [...results],
      rounds.map((n, i) => [i, n]),
    )
  })

  test(`${name}: several jobs at once`, async (t) => {
    const executor = start(t)
    const jobs = Array.from({ length: 4 }, (_, i) => Object.assign(new Contract({ executor }), { base: i * 1000 }))
    const results = await Promise.all(jobs.map((job) => job.all(Array(50).keys(), (job, n) => job.add(n))))
    results.forEach((map, i) => {
      t.deepEqual(
        [...map.values()],
        Array.from({ length: 50 }, (_, n) => i * 1000 + n),
      )
    })
  })

  if (parallel) {
    test(`${name}: a slow call does not hold back the results of others`, async (t) => {
      const executor = start(t)
      const folder = mkdtempSync(join(tmpdir(), 'contract-'))
      t.teardown(() => rmSync(folder, { recursive: true }))
      const file = join(folder, 'release')
      const [slow, ...quick] = callsOf(Contract, (job) => job.holdUntil(file), ...times(20, (i) => (job) => job.add(i)))
      submit(executor, [slow!])
      for (const call of quick) {
        submit(executor, [call])
        t.is(await call.value, 100 + (call.args[0] as number))
      }
      t.false(slow!.told.includes('value'))
      writeFileSync(file, '')
      t.is(await slow!.value, 'released')
    })
  }

  const broken = ava.macro({
    async exec(t, change: (route: Route) => Route, message: RegExp, cause?: RegExp) {
      const executor = start(t)
      const [bad, good] = callsOf(
        Contract,
        (job) => job.add(1),
        (job) => job.add(2),
      )
      submit(executor, [{ ...bad!, route: change({ ...bad!.route, id: -1 }) }, good!])
      const error = await t.throwsAsync(bad!.value, { instanceOf: RegistrationError })
      t.regex(error!.message, message)
      if (cause !== undefined) t.regex(String(error!.cause), cause)
      t.is(await good!.value, 102)
    },
    title: (title) => `${name}: ${title}`,
  })

  test(
    'a class that is not where it should be is a RegistrationError, and other calls go on',
    broken,
    (route) => ({ ...route, method: { ...route.method, position: 99 } }),
    /^Cannot find Contract\.add in a worker: .*Define the class/,
  )
  test(
    'another method in the place of the one that was called is a RegistrationError',
    broken,
    (route) => ({ ...route, method: { ...route.method, fingerprint: route.method.fingerprint + 1 } }),
    /^Cannot run Contract\.add in a worker: .*another method in its place/,
  )
  if (makeExecutor().importsModules) {
    test(
      'a module that cannot be imported is a RegistrationError with the reason as its cause',
      broken,
      (route) => ({ ...route, method: { ...route.method, module: new URL('nowhere.js', route.method.module).href } }),
      /^Cannot import file:.*nowhere\.js in a worker: /,
      /Cannot find module/,
    )
  }
}

function times(count: number, make: (i: number) => (job: Contract) => unknown): ((job: Contract) => unknown)[] {
  return Array.from({ length: count }, (_, i) => make(i))
}
