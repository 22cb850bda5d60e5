import test from 'ava'
import { ConflictError, inline, PendingReadError, type Progress, SerializationError, threads } from '../src/index.js'
import { Numbers } from './fixtures/numbers.js'
import { Whereabouts } from './fixtures/whereabouts.js'
import { eachExecutor } from './helpers/each-executor.js'
import { rejectsSaying, throwsSaying } from './helpers/throws-saying.js'

// What an async concurrent method gives, put where its value is wanted.
const asValue = (promise: Promise<number>) => promise as unknown as number

// Both styles.

eachExecutor('both styles give the same map in the same order', async (t, executor) => {
  const keys = Array.from({ length: 200 }, (_, i) => String((i * 7919) % 200))
  const expected = keys.map((key) => [key, Number(key) ** 2])
  const fill = (job: Numbers) => {
    for (const key of keys) job.results.set(key, job.square(Number(key)))
    return job.results
  }
  t.deepEqual([...new Numbers({ executor }).block(fill)], expected)
  t.deepEqual([...(await new Numbers({ executor }).run(fill))], expected)
})

eachExecutor('a plain synchronized method returns its plain value, all committed', (t, executor) => {
  const job = new Numbers({ executor })
  const result = job.block(({ results }) => results.set('a', job.square(3)))
  t.is(result, job.results)
  t.false(result.isPending('a'))
  t.is(job.pending, 0)
})

eachExecutor('a read of a pending slot waits for what it reads alone', (t, executor) => {
  const job = new Numbers({ executor })
  job.block(({ results }) => {
    for (let i = 0; i < 50; i++) results.set(String(i), job.square(i))
    t.is(results.get('10'), 100)
    for (let i = 0; i <= 10; i++) t.false(results.isPending(String(i)))
    results.set('sum', job.add(results.get('3')!, results.get('4')!))
  })
  t.is(job.results.get('sum'), 25)
})

test('an async synchronized method lets the event loop turn while its calls run', async (t) => {
  await using executor = threads({ workers: 1 })
  const flag = new Int32Array(new SharedArrayBuffer(4))
  // The call ends when this timer has its turn.
  setImmediate(() => {
    Atomics.store(flag, 0, 1)
    Atomics.notify(flag, 0)
  })
  t.not(await new Numbers({ executor }).run((job) => job.waitForFlag(flag)), 'timed-out')
})

eachExecutor('an async synchronized method awaits one slot and goes on', async (t, executor) => {
  const job = new Numbers({ executor })
  const sum = await job.run(async ({ results }) => {
    results.set('a', job.square(3)).set('b', job.square(4))
    return (await results.settled('a'))! + (await results.settled('b'))!
  })
  t.is(sum, 25)
})

eachExecutor('after wait() in the middle of a method everything made so far can be read', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(async ({ results }) => {
    results.set('a', job.square(3))
    await job.wait()
    results.set('b', job.square(results.get('a')!))
  })
  t.is(job.results.get('b'), 81)
})

eachExecutor('reads after an await in an async method still do not block', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(async ({ results }) => {
    await null
    results.set('a', job.square(3))
    t.throws(() => results.get('a'), { instanceOf: PendingReadError })
  })
})

eachExecutor('a plain synchronized method may call another', (t, executor) => {
  const job = new Numbers({ executor })
  t.deepEqual(
    job.block(() => {
      job.list.push(job.square(9))
      return [...job.squares(3), job.list[0]]
    }),
    [0, 1, 4, 81],
  )
})

eachExecutor(
  'a plain synchronized method within an async one blocks, and then reads throw again',
  async (t, executor) => {
    const job = new Numbers({ executor })
    await job.run(() => {
      t.deepEqual(job.squares(3), [0, 1, 4])
      job.results.set('a', job.square(3))
      t.throws(() => job.results.get('a'), { instanceOf: PendingReadError })
    })
  },
)

// What is returned.

const returned: Record<string, (job: Numbers) => unknown> = {
  'a Future': (job) => job.square(3),
  'an array': (job) => [job.square(1), 2, job.square(3)],
  'an array with holes': (job) => {
    const list: number[] = []
    list[2] = job.square(3)
    return list
  },
  'a Map': (job) =>
    new Map([
      ['a', job.square(1)],
      ['b', 2],
    ]),
  'a Map with Futures as keys': (job) =>
    new Map([
      [job.square(2), job.square(3)],
      [7, 8],
    ]),
  'a Set': (job) => new Set([job.square(1), 7, job.square(2)]),
  'a plain object': (job) => ({ a: job.square(1), b: 2 }),
  'an object without a prototype': (job) => Object.assign(Object.create(null), { a: job.square(1) }),
  'a frozen array without Futures': () => Object.freeze([1, 2]),
  'a frozen array of Futures': (job) => Object.freeze([job.square(2)]),
  'a frozen object of Futures': (job) => Object.freeze({ a: job.square(2) }),
  'all of these, nested': (job) => [{ a: new Map([['x', [job.square(1), new Set([job.square(2)])]]]) }],
  'a promise of Futures': async (job) => [await null, job.square(3)],
  undefined: () => undefined,
  'an instance of a class': () => new Date(0),
}

const plainSquares = { square: (n: number) => n * n } as Numbers

for (const [what, make] of Object.entries(returned)) {
  eachExecutor(`${what} is returned with its values in place`, async (t, executor) => {
    const expected = await make(plainSquares)
    t.deepEqual(await new Numbers({ executor }).run(make), expected)
    t.deepEqual(await new Numbers({ executor }).block(make), expected)
  })
}

eachExecutor('what is returned is the very object that the method returned, cycles and all', async (t, executor) => {
  const job = new Numbers({ executor })
  const list: unknown[] = []
  list.push(list, job.square(2))
  t.is(await job.run(() => list), list)
  t.is(list[0], list)
  t.is(list[1], 4)
})

eachExecutor('the Futures of another job in what is returned are waited for', async (t, executor) => {
  const [one, other] = [new Numbers({ executor }), new Numbers({ executor })]
  t.deepEqual(await one.run(() => [other.square(3)]), [9])
  t.deepEqual(
    one.block(() => [other.square(4)]),
    [16],
  )
  await other.wait()
})

eachExecutor('a Future of a call that failed is never returned as if it had not', async (t, executor) => {
  const job = new Numbers({ executor })
  const outcomes = await Promise.allSettled([job.run(() => [job.fail(1)]), job.run(() => [job.square(2)])])
  t.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  const failed = job.fail(2)
  await t.throwsAsync(job.wait())
  await rejectsSaying(
    t,
    job.run(() => [failed]),
    RangeError,
    'number 2',
  )
  throwsSaying(t, () => job.block(() => [failed]), RangeError, 'number 2')
})

eachExecutor('objects come back as objects, each call its own', async (t, executor) => {
  const job = new Numbers({ executor })
  const [one, two] = await job.run(() => [job.pick(1), job.pick(1)])
  t.deepEqual(one, { n: 1 })
  t.not(one, two)
})

// Dataflow.

eachExecutor(
  'the result of a call can be an argument of another, as it is, in an array and in objects',
  async (t, executor) => {
    const build = (job: Numbers) => [
      job.add(job.square(2), job.square(3)),
      job.sum([job.square(1), 1, job.square(2)]),
      job.sumOf({ parts: [{ value: job.square(4) }, { value: 1 }] }),
      job.sum(job.row(5)),
    ]
    t.deepEqual(await new Numbers({ executor }).run(build), [13, 6, 17, 10])
    t.deepEqual(new Numbers({ executor }).block(build), [13, 6, 17, 10])
  },
)

eachExecutor('a chain of 1000 calls, each on the result of the last', async (t, executor) => {
  const build = (job: Numbers) => {
    let n = job.square(1)
    for (let i = 0; i < 1000; i++) n = job.add(n, 1)
    return n
  }
  t.is(new Numbers({ executor }).block(build), 1001)
  t.is(await new Numbers({ executor }).run(build), 1001)
})

eachExecutor('a diamond: two calls on one result, and one on both of theirs', async (t, executor) => {
  const build = (job: Numbers) => {
    const top = job.square(3)
    return job.add(job.add(top, 1), job.square(top))
  }
  t.is(await new Numbers({ executor }).run(build), 91)
  t.is(new Numbers({ executor }).block(build), 91)
})

eachExecutor('the result of an async method feeds another call', async (t, executor) => {
  const job = new Numbers({ executor })
  t.is(await job.run(() => job.square(asValue(job.later(3)))), 81)
})

eachExecutor('an argument that is committed already is passed as its value', async (t, executor) => {
  const job = new Numbers({ executor })
  const first = job.square(2)
  await job.wait()
  t.is(await job.run(() => job.sum([first, job.add(first, 1)])), 9)
})

eachExecutor('two jobs feed each other', async (t, executor) => {
  const build = (one: Numbers, other: Numbers) => {
    let n = one.square(2)
    for (let i = 0; i < 20; i++) n = (i % 2 === 0 ? other : one).add(n, 1)
    return n
  }
  const [a, b, c, d] = Array.from({ length: 4 }, () => new Numbers({ executor })) as [
    Numbers,
    Numbers,
    Numbers,
    Numbers,
  ]
  t.is(await a.run(() => build(a, b)), 24)
  t.is(
    c.block(() => build(c, d)),
    24,
  )
  await b.wait()
  d.waitSync()
})

eachExecutor('a call on the result of a failing call fails with its error, and does not run', async (t, executor) => {
  const job = new Numbers({ executor })
  const dependent = job.add(job.fail(1), 2) as unknown as Promise<number>
  await rejectsSaying(t, dependent, RangeError, 'number 1')
  await rejectsSaying(t, job.wait(), RangeError, 'number 1')
})

eachExecutor('a result that cannot cross to the call that waits for it fails that call', async (t, executor) => {
  const job = new Numbers({ executor })
  await rejectsSaying(
    t,
    job.run(() => job.sum([job.square(2), (() => 1) as unknown as number])),
    SerializationError,
    'argument 0 of Numbers.sum',
    '[1]',
  )
})

test('a Future hidden where no call can wait for it is refused where the call is made', async (t) => {
  const job = new Numbers({ executor: inline() })
  const hidden = new Set([job.square(2)])
  throwsSaying(
    t,
    () => job.sum(hidden as unknown as number[]),
    SerializationError,
    'argument 0 of Numbers.sum',
    'Future',
    'await it first',
  )
  await job.wait()
})

// Errors.

eachExecutor('the earliest error in program order is thrown, after everything before it', async (t, executor) => {
  const build = (job: Numbers) => {
    for (let i = 0; i < 20; i++) job.results.set(String(i), job.failFrom(i, 12))
  }
  const check = (job: Numbers) => {
    t.is((job.failures[0] as Error).message, 'number 12')
    t.is(job.results.get('11'), 11)
    t.is(job.pending, 0)
    throwsSaying(t, () => job.results.get('12'), RangeError, 'number 12')
    throwsSaying(t, () => job.results.get('19'), RangeError, 'number 12')
  }
  const [one, other] = [new Numbers({ executor }), new Numbers({ executor })]
  await rejectsSaying(t, one.run(build), RangeError, 'number 12')
  check(one)
  throwsSaying(t, () => other.block(build), RangeError, 'number 12')
  check(other)
})

eachExecutor('an early failure that arrives late comes before a late one that arrives early', async (t, executor) => {
  const job = new Numbers({ executor })
  const build = () => {
    job.list.push(asValue(job.failLater(1)), job.fail(2))
  }
  await rejectsSaying(t, job.run(build), RangeError, 'number 1')
})

eachExecutor(
  'failures list those of the last phase, in program order, and a phase without any clears them',
  async (t, executor) => {
    const job = new Numbers({ executor })
    t.deepEqual(job.failures, [])
    await t.throwsAsync(job.run(() => job.fail(1)))
    t.deepEqual(
      job.failures.map((error) => (error as Error).message),
      ['number 1'],
    )
    t.is(await job.run(() => job.square(2)), 4)
    t.deepEqual(job.failures, [])
  },
)

eachExecutor(
  'an error keeps class, message and own properties, and names the line of the call',
  async (t, executor) => {
    const job = new Numbers({ executor })
    const error = (await t.throwsAsync(job.run(() => job.fail(7)))) as RangeError
    t.true(error instanceof RangeError)
    const frames = error.stack!.split('\n').slice(1)
    t.true(frames[0]!.includes('fixtures/numbers'), error.stack)
    t.true(frames.at(-1)!.includes('scheduler'), error.stack)
  },
)

eachExecutor('a job works on after a failed phase', async (t, executor) => {
  const job = new Numbers({ executor })
  await t.throwsAsync(job.run(() => job.fail(1)))
  t.is(await job.run(() => job.square(3)), 9)
  t.throws(() => job.block(() => job.fail(2)), { message: 'number 2' })
  t.deepEqual(job.squares(3), [0, 1, 4])
})

eachExecutor('what a method throws itself after its calls is thrown once they are committed', async (t, executor) => {
  const body = (job: Numbers) => {
    job.results.set('a', job.square(3))
    throw new TypeError('of the method')
  }
  const [one, other] = [new Numbers({ executor }), new Numbers({ executor })]
  throwsSaying(t, () => one.block(body), TypeError, 'of the method')
  t.is(one.results.get('a'), 9)
  await rejectsSaying(t, other.run(body), TypeError, 'of the method')
  t.is(other.results.get('a'), 9)
})

eachExecutor('what a method throws itself after a failing call comes second to it', async (t, executor) => {
  const body = (job: Numbers) => {
    job.fail(3)
    throw new TypeError('of the method')
  }
  throwsSaying(t, () => new Numbers({ executor }).block(body), RangeError, 'number 3')
  await rejectsSaying(t, new Numbers({ executor }).run(body), RangeError, 'number 3')
})

eachExecutor(
  'an error caught inside the method by awaiting the Future is thrown all the same at its end',
  async (t, executor) => {
    const job = new Numbers({ executor })
    const seen: string[] = []
    await rejectsSaying(
      t,
      job.run(async () => {
        await job.failLater(3).catch((error: Error) => seen.push(error.message))
      }),
      RangeError,
      'number 3',
    )
    t.deepEqual(seen, ['number 3'])
  },
)

eachExecutor('calls made after a failed one in the same phase are dropped', async (t, executor) => {
  const job = new Numbers({ executor })
  await t.throwsAsync(
    job.run(async () => {
      await job.failLater(1).catch(() => {})
      job.results.set('a', job.square(2))
      t.is(job.pending, 0)
    }),
  )
  throwsSaying(t, () => job.results.get('a'), RangeError, 'number 1')
})

// Async and void methods.

eachExecutor('an async concurrent method is awaited in its call, in both styles', async (t, executor) => {
  const job = new Numbers({ executor })
  t.deepEqual(await job.run(() => Promise.all([job.later(2), job.later(3)])), [4, 9])
  t.is(await job.later(4), 16)
  await job.wait()
})

test('a plain synchronized method blocks on async concurrent ones on threads', async (t) => {
  await using executor = threads({ workers: 1 })
  const job = new Numbers({ executor })
  t.deepEqual(
    job.block(() => [asValue(job.later(2)), job.square(3)]),
    [4, 9],
  )
})

test('a plain synchronized method cannot block on async concurrent ones inline, and says so', async (t) => {
  const job = new Numbers({ executor: inline() })
  throwsSaying(
    t,
    () => job.block(() => job.later(2)),
    PendingReadError,
    'Cannot block on an async concurrent method',
    'inline()',
    'async',
    'threads()',
  )
  await job.wait()
})

eachExecutor('a method without a result gives undefined', async (t, executor) => {
  const job = new Numbers({ executor })
  t.is(await job.run(() => job.nothing(1)), undefined)
  t.deepEqual(
    job.block(() => [job.nothing(1)]),
    [undefined],
  )
})

// In workers.

eachExecutor('nested concurrent and synchronized calls run in place', async (t, executor) => {
  const job = new Numbers({ executor })
  t.deepEqual(await job.run(() => [job.factorial(10), job.sumOfSquares(5)]), [3628800, 30])
  t.deepEqual(
    job.block(() => [job.factorial(5), job.sumOfSquares(4)]),
    [120, 14],
  )
  t.is(job.pending, 0)
})

eachExecutor('a job that is made in a worker runs its calls in place', async (t, executor) => {
  const job = new Numbers({ executor })
  t.is(await job.run(() => job.byAnotherJob(3)), 18)
  t.is(
    job.block(() => job.byAnotherJob(4)),
    32,
  )
  t.is(await job.byAnotherJobLater(3), 18)
  await job.wait()
})

eachExecutor('a target used in a worker throws, naming it and the way out', async (t, executor) => {
  const job = new Numbers({ executor })
  await rejectsSaying(
    t,
    job.run(() => job.useMap()),
    SerializationError,
    'this.results',
    'in a worker',
    'Return the value',
    '@synchronized',
  )
  throwsSaying(
    t,
    () => job.block(() => job.useTable()),
    SerializationError,
    'this.table',
    'in a worker',
    'Return the value',
  )
})

eachExecutor('a target among the arguments is refused where the call is made', (t, executor) => {
  const job = new Numbers({ executor })
  throwsSaying(
    t,
    () => job.sum(job.list),
    SerializationError,
    'argument 0 of Numbers.sum',
    'a tracked target',
    '[...target]',
  )
  throwsSaying(
    t,
    () => job.sumOf({ parts: job.list as never }),
    SerializationError,
    'argument 0 of Numbers.sumOf',
    '.parts',
    'a tracked target',
  )
})

// Several jobs.

eachExecutor('several jobs run at once, each with its own calls and errors', async (t, executor) => {
  const jobs = Array.from({ length: 10 }, () => new Numbers({ executor }))
  const outcomes = await Promise.allSettled(
    jobs.map((job, i) =>
      job.run(() => {
        for (let n = 0; n < 20; n++) job.list.push(i === 4 && n === 10 ? job.fail(n) : job.add(i, n))
      }),
    ),
  )
  for (const [i, job] of jobs.entries()) {
    t.is(outcomes[i]!.status, i === 4 ? 'rejected' : 'fulfilled')
    if (i === 4) t.is(job.list[9], 13)
    else
      t.deepEqual(
        [...job.list],
        Array.from({ length: 20 }, (_, n) => i + n),
      )
  }
})

eachExecutor('two synchronized methods of one job that are under way at once share a phase', async (t, executor) => {
  const job = new Numbers({ executor })
  t.deepEqual(await Promise.all([job.run(() => job.square(2)), job.run(() => job.square(3))]), [4, 9])
})

// Progress.

eachExecutor('progress is told, and at the end of a phase it is all of it', async (t, executor) => {
  const told: Progress[] = []
  const job = new Numbers({ executor, onProgress: (progress) => told.push(progress) })
  await job.run(() => {
    for (let i = 0; i < 30; i++) job.list.push(job.square(i))
  })
  t.like(told.at(-1), { done: 30, total: 30, failed: 0, computed: 30, isOver: true })
  for (const [i, { done, total, isOver }] of told.entries()) {
    t.true(done <= total && (i === 0 || done >= told[i - 1]!.done))
    t.is(isOver, i === told.length - 1)
  }
  await job.run(() => void job.list.push(job.square(1)))
  t.like(told.at(-1), { done: 1, total: 1, failed: 0, isOver: true })
})

eachExecutor('the progress of a failed phase counts the failure', async (t, executor) => {
  const told: Progress[] = []
  const job = new Numbers({ executor, onProgress: (progress) => told.push(progress) })
  await t.throwsAsync(job.run(() => [job.square(1), job.square(2), job.fail(3)]))
  t.like(told.at(-1), { done: 2, total: 3, failed: 1, dropped: 0, isOver: true })
})

// Conflicts.

eachExecutor('five calls that add to one place come out right when they run again', async (t, executor) => {
  const totals = [{ n: 0 }, { n: 0 }] as const
  const build = (job: Numbers, total: { n: number }) => {
    for (let i = 0; i < 5; i++) job.countAgain(total)
  }
  await new Numbers({ executor }).run((job) => build(job, totals[0]))
  new Numbers({ executor }).block((job) => build(job, totals[1]))
  t.deepEqual(totals, [{ n: 5 }, { n: 5 }])
})

eachExecutor('without that they come out right or are told apart, never silently wrong', async (t, executor) => {
  const job = new Numbers({ executor })
  const total = { n: 0 }
  try {
    await job.run(() => {
      for (let i = 0; i < 5; i++) job.count(total)
    })
    t.is(total.n, 5)
  } catch (error) {
    t.true(error instanceof ConflictError)
  }
})

eachExecutor('fields of the job that calls change follow the same rule', async (t, executor) => {
  const job = new Numbers({ executor })
  try {
    await job.run(() => {
      for (let i = 0; i < 5; i++) job.countField()
    })
    t.is(job.total.n, 5)
  } catch (error) {
    t.true(error instanceof ConflictError)
  }
})

eachExecutor(
  "the caller's own write to a place that a call changed is a conflict that names parameter and path",
  async (t, executor) => {
    const job = new Numbers({ executor })
    const total = { n: 0 }
    const error = (await t.throwsAsync(
      job.run(() => {
        job.count(total)
        total.n = 100
      }),
    )) as ConflictError
    t.is(error.constructor, ConflictError)
    for (const part of ['call 1 of Numbers.count', 'argument 0', '.n', 'the caller', 'wait()'])
      t.true(error.message.includes(part), error.message)
    t.deepEqual(error.details, {
      className: 'Numbers',
      method: 'count',
      calls: [1],
      parameter: 'argument 0',
      path: '.n',
    })
    t.is(total.n, 100)
  },
)

eachExecutor("the caller's own write to a field of the job names `this`", async (t, executor) => {
  const job = new Numbers({ executor })
  const error = (await t.throwsAsync(
    job.run(() => {
      job.countField()
      job.total.n = 100
    }),
  )) as ConflictError
  t.is(error.details?.parameter, 'this')
  t.is(error.details?.path, '.total.n')
})

eachExecutor('a method declared to change nothing that changes something is told so', async (t, executor) => {
  const job = new Numbers({ executor })
  const total = { n: 0 }
  await rejectsSaying(
    t,
    job.run(() => job.countSecretly(total)),
    ConflictError,
    'call 1 of Numbers.countSecretly',
    'argument 0',
    '.n',
    'mutates: false',
    'mutates: [0]',
  )
  t.is(total.n, 0)
})

eachExecutor('changes are there after the event, on the very objects that were passed', async (t, executor) => {
  const job = new Numbers({ executor })
  const totals = [{ n: 1 }, { n: 2 }]
  await job.run(() => {
    for (const total of totals) job.count(total)
  })
  t.deepEqual(totals, [{ n: 2 }, { n: 3 }])
  job.block(() => {
    for (const total of totals) job.count(total)
  })
  t.deepEqual(totals, [{ n: 3 }, { n: 4 }])
})

// Of a job that holds nothing but primitives and targets, hidden properties are not looked for at every call.

eachExecutor('a hidden property given to the job among pending calls fails the last of them', async (t, executor) => {
  const job = new Whereabouts({ executor })
  const first = job.where()
  Object.defineProperty(job, 'secret', { value: 1, configurable: true })
  const second = job.where()
  await first
  await rejectsSaying(t, second, SerializationError, 'this of Whereabouts.where', 'secret')
  await t.throwsAsync(job.wait(), { instanceOf: SerializationError })
})

eachExecutor(
  'so does one named by a symbol; once no call is pending, the next call is refused',
  async (t, executor) => {
    const job = new Whereabouts({ executor })
    job.where()
    job.where()
    Object.assign(job, { [Symbol('cache')]: 1 })
    await rejectsSaying(t, job.wait(), SerializationError, 'this of Whereabouts.where', 'cache')
    throwsSaying(t, () => job.where(), SerializationError, 'this of Whereabouts.where', 'cache')
  },
)
