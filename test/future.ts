import { inspect } from 'node:util'
import test from 'ava'
import { inline, PendingReadError } from '../src/index.js'
import { Numbers } from './fixtures/numbers.js'
import { rejectsSaying, throwsSaying } from './helpers/throws-saying.js'

// A Future is typed as the plain value: what follows compiles, and must be told at run time.
type Use = (future: number & { name: string } & number[] & { name: string }) => unknown

const uses: Record<string, Use> = {
  addition: (future) => future + 1,
  'addition of text': (future) => ['x'].join() + future,
  multiplication: (future) => future * 2,
  negation: (future) => -future,
  'a unary plus': (future) => +future,
  'bitwise or': (future) => future | 0,
  increment: (future) => {
    let n: number = future
    return ++n
  },
  '<': (future) => future < 1,
  '>=': (future) => future >= 1,
  // biome-ignore lint/suspicious/noDoubleEquals: === cannot be seen
  '== with a primitive': (future) => (future as unknown) == 1,
  'a template string': (future) => `${future}`,
  'String()': (future) => String(future),
  'Number()': (future) => Number(future),
  'Math.max': (future) => Math.max(future, 1),
  'a bigint': (future) => BigInt(future),
  'toString()': (future) => future.toString(),
  'toFixed()': (future) => future.toFixed(2),
  'valueOf()': (future) => future.valueOf(),
  'a property read': (future) => future.name,
  'a property read by index': (future) => future[0],
  'its length': (future) => future.length,
  destructuring: ({ name }) => name,
  'destructuring of an array': (future) => {
    const [first] = future as unknown as number[]
    return first
  },
  'a method call': (future) => future.map((n: number) => n),
  'a property write': (future) => {
    future.name = 'x'
  },
  'a property write by index': (future) => {
    future[0] = 1
  },
  'a key computed from it': (future) => ({ [future]: 1 }),
  'JSON.stringify': (future) => JSON.stringify(future),
  'JSON.stringify of what holds it': (future) => JSON.stringify({ a: [future] }),
  'object spread': (future) => ({ ...(future as object) }),
  'Object.assign': (future) => Object.assign({}, future),
  'Object.entries': (future) => Object.entries(future),
  'array spread': (future) => [...(future as unknown as number[])],
  'argument spread': (future) => Math.max(...(future as unknown as number[])),
  'for … of': (future) => {
    for (const _ of future as unknown as number[]) return _
  },
  'Array.from': (future) => Array.from(future as unknown as number[]),
  'new Map': (future) => new Map(future as unknown as [number, number][]),
  structuredClone: (future) => structuredClone(future),
  'structuredClone of what holds it': (future) => structuredClone({ deep: [future] }),
  'a date': (future) => new Date(future),
  'an array index': (future) => [1, 2, 3][future],
}

for (const [what, use] of Object.entries(uses)) {
  test(`using a Future in ${what} throws, naming the call`, async (t) => {
    const job = new Numbers({ executor: inline() })
    const future = job.square(3) as Parameters<Use>[0]
    throwsSaying(
      t,
      () => use(future),
      PendingReadError,
      'call 1 of Numbers.square',
      'Await it',
      'tracked target',
      'return it',
    )
    await job.wait()
    throwsSaying(t, () => use(future), PendingReadError, 'call 1 of Numbers.square')
  })
}

test('looking for a property in a Future throws', async (t) => {
  const job = new Numbers({ executor: inline() })
  const future = job.pick(1)
  throwsSaying(t, () => 'n' in future, PendingReadError, 'Cannot look for n', 'result of a call', 'await it')
  await job.wait()
})

test('listing the properties of a Future throws', async (t) => {
  const job = new Numbers({ executor: inline() })
  const future = job.pick(1)
  const list = () => {
    for (const key in future) return key
  }
  t.throws(list, { instanceOf: PendingReadError })
  await job.wait()
})

test('the second call of a job is named as the second', async (t) => {
  const job = new Numbers({ executor: inline() })
  job.square(1)
  const future = job.add(1, 2)
  throwsSaying(t, () => future + 1, PendingReadError, 'call 2 of Numbers.add')
  await job.wait()
})

test('the message says what was read', async (t) => {
  const job = new Numbers({ executor: inline() })
  throwsSaying(t, () => job.pick(3).n, PendingReadError, 'Cannot read its property n')
  const write = () => {
    job.pick(3).n = 1
  }
  throwsSaying(t, write, PendingReadError, 'Cannot set its property n')
  await job.wait()
})

test('a Future can be looked at in a log', async (t) => {
  const job = new Numbers({ executor: inline() })
  const future = job.square(3)
  t.is(inspect(future), 'Future { call 1 of Numbers.square }')
  t.is(inspect([future]), '[ Future { call 1 of Numbers.square } ]')
  await job.wait()
  t.is(inspect(future), 'Future { call 1 of Numbers.square, committed }')
})

test('a Future is awaited as often as one likes, before and after its commit', async (t) => {
  const job = new Numbers({ executor: inline() })
  const future = job.later(3)
  t.deepEqual(await Promise.all([future, future, future.then((n) => n + 1)]), [9, 9, 10])
  await job.wait()
  t.is(await future, 9)
})

test('then, catch and finally work as those of a promise do', async (t) => {
  const job = new Numbers({ executor: inline() })
  let ended = 0
  t.is(await job.later(2).then((n) => n + 1), 5)
  t.is(await job.later(2).catch(() => 0), 4)
  t.is(
    await job.later(2).finally(() => {
      ended++
    }),
    4,
  )
  const failing = job.failLater(7)
  t.is(await failing.catch((error: RangeError) => error.message), 'number 7')
  t.is((await failing.then(null, () => 'other way')) as unknown, 'other way')
  await rejectsSaying(
    t,
    failing.finally(() => {
      ended++
    }),
    RangeError,
    'number 7',
  )
  t.is(ended, 2)
  await t.throwsAsync(job.wait())
})

test('Promise.all, race and allSettled take Futures', async (t) => {
  const job = new Numbers({ executor: inline() })
  t.deepEqual(await Promise.all([job.later(1), job.later(2)]), [1, 4])
  t.is(await Promise.race([job.later(3)]), 9)
  const [one, two] = await Promise.allSettled([job.later(4), job.failLater(5)])
  t.deepEqual([one.status, two.status], ['fulfilled', 'rejected'])
  await t.throwsAsync(job.wait())
})
