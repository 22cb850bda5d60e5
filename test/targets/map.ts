import { inspect } from 'node:util'
import test from 'ava'
import { inline, PendingReadError, TrackedMap } from '../../src/index.js'
import { Numbers } from '../fixtures/numbers.js'
import { eachExecutor } from '../helpers/each-executor.js'
import { rejectsSaying, throwsSaying } from '../helpers/throws-saying.js'

eachExecutor('entries stand in the order of their set calls, whatever kind their values are', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(({ results }) => {
    results.set('z', job.later(3) as unknown as number)
    results.set('a', 1)
    results.set('m', job.square(2))
    results.set('b', Promise.resolve(7))
    results.set('z', job.square(5))
  })
  t.deepEqual(
    [...job.results],
    [
      ['z', 25],
      ['a', 1],
      ['m', 4],
      ['b', 7],
    ],
  )
})

const reads: Record<string, (map: TrackedMap<string, number>) => unknown> = {
  'get()': (map) => map.get('b'),
  'forEach()': (map) => map.forEach(() => {}),
  'entries()': (map) => [...map.entries()],
  'values()': (map) => [...map.values()],
  'for … of': (map) => {
    for (const _ of map);
  },
  spread: (map) => [...map],
  'new Map()': (map) => new Map(map),
  'Array.from()': (map) => Array.from(map),
  'Object.fromEntries()': (map) => Object.fromEntries(map),
}

for (const [what, read] of Object.entries(reads)) {
  eachExecutor(`${what} of a pending entry waits in a plain synchronized method`, (t, executor) => {
    const job = new Numbers({ executor })
    const seen = job.block(() => {
      job.results.set('a', 1).set('b', job.square(3))
      return read(job.results)
    })
    t.deepEqual(
      seen,
      read(
        new Map([
          ['a', 1],
          ['b', 9],
        ]) as TrackedMap<string, number>,
      ),
    )
  })

  eachExecutor(`${what} of a pending entry throws in an async synchronized method`, async (t, executor) => {
    const job = new Numbers({ executor })
    await job.run(() => {
      job.results.set('a', 1).set('b', job.square(3))
      throwsSaying(
        t,
        () => read(job.results),
        PendingReadError,
        'this.results.get("b")',
        'call 1 of Numbers.square',
        'await this.results.settled(',
        'await this.wait()',
      )
    })
    t.is(job.results.get('b'), 9)
  })
}

test('outside any synchronized method a read of a pending entry throws', async (t) => {
  const job = new Numbers({ executor: inline() })
  job.results.set('b', job.square(3))
  throwsSaying(t, () => job.results.get('b'), PendingReadError, 'this.results.get("b")', 'settled', 'wait')
  await job.wait()
  t.is(job.results.get('b'), 9)
})

test('a map that is no field of the job is named as the target', async (t) => {
  const job = new Numbers({ executor: inline() })
  const map = new TrackedMap([['b', job.square(3)]])
  throwsSaying(t, () => map.get('b'), PendingReadError, 'the target.get("b")')
  await job.wait()
})

test('a key that is an object is named by its class', async (t) => {
  const job = new Numbers({ executor: inline() })
  const map = new TrackedMap<object, number>()
  const key = new Date(0)
  map.set(key, job.square(3))
  throwsSaying(t, () => map.get(key), PendingReadError, '.get(a Date)')
  await job.wait()
})

test('has, keys, size, isPending, delete and clear read no value and never wait', async (t) => {
  const job = new Numbers({ executor: inline() })
  const map = new TrackedMap([
    ['a', 1],
    ['b', job.square(3)],
    ['c', job.square(4)],
  ])
  t.true(map.has('b'))
  t.is(map.size, 3)
  t.deepEqual([...map.keys()], ['a', 'b', 'c'])
  t.deepEqual([map.isPending('a'), map.isPending('b'), map.isPending('none')], [false, true, false])
  t.true(map.delete('b'))
  t.false(map.delete('b'))
  t.deepEqual([...map.keys()], ['a', 'c'])
  map.clear()
  t.is(map.size, 0)
  await job.wait()
  t.is(map.size, 0)
})

eachExecutor('what overwrites a pending entry stays, though the first call comes later', async (t, executor) => {
  const job = new Numbers({ executor })
  const { results } = job
  await job.run(() => {
    results.set('by value', job.later(2) as unknown as number).set('by value', 1)
    results.set('by call', job.later(3) as unknown as number).set('by call', job.square(4))
    results.set('by undefined', job.square(5)).set('by undefined', undefined as unknown as number)
    results.set('by promise', job.square(6)).set('by promise', Promise.resolve(0))
    t.false(results.isPending('by value'))
    t.true(results.isPending('by call'))
  })
  t.deepEqual(
    [...results],
    [
      ['by value', 1],
      ['by call', 16],
      ['by undefined', undefined],
      ['by promise', 0],
    ],
  )
})

eachExecutor(
  'an entry that was deleted while pending stays deleted, and set again it moves to the end',
  async (t, executor) => {
    const job = new Numbers({ executor })
    const { results } = job
    await job.run(() => {
      for (const key of ['a', 'b', 'c']) results.set(key, job.square(key.charCodeAt(0)))
      results.delete('a')
      results.delete('b')
      results.set('b', job.square(2))
    })
    t.deepEqual(
      [...results],
      [
        ['c', 99 * 99],
        ['b', 4],
      ],
    )
  },
)

eachExecutor('one Future fills every place that it was put into', async (t, executor) => {
  const job = new Numbers({ executor })
  const other = new TrackedMap<number, number>()
  await job.run(() => {
    const future = job.square(7)
    job.results.set('a', future).set('b', future)
    job.list.push(future)
    other.set(1, future)
  })
  t.deepEqual([...job.results.values(), ...job.list, other.get(1)], [49, 49, 49, 49])
})

test('a Future that is committed already goes in as its value', async (t) => {
  const job = new Numbers({ executor: inline() })
  const future = job.square(3)
  await job.wait()
  const map = new TrackedMap([['a', future]])
  t.false(map.isPending('a'))
  t.is(map.get('a'), 9)
})

test('settled gives the value of an entry, pending or not, and undefined for none', async (t) => {
  const job = new Numbers({ executor: inline() })
  const map = new TrackedMap<string, number>([
    ['a', 1],
    ['b', job.square(3)],
    ['p', Promise.resolve(5)],
  ])
  t.deepEqual(await Promise.all(['a', 'b', 'p', 'none'].map((key) => map.settled(key))), [1, 9, 5, undefined])
  t.is(map.get('b'), 9)
  await job.wait()
})

eachExecutor('settled rejects with the error of the call, and so does a read after it', async (t, executor) => {
  const job = new Numbers({ executor })
  job.results.set('ok', job.square(2)).set('bad', job.fail(3))
  await rejectsSaying(t, job.results.settled('bad'), RangeError, 'number 3')
  t.is(job.results.get('ok'), 4)
  throwsSaying(t, () => job.results.get('bad'), RangeError, 'number 3')
  await rejectsSaying(t, job.wait(), RangeError, 'number 3')
  t.deepEqual([...job.results.keys()], ['ok', 'bad'])
})

test('a promise of the program goes in, reads throw until it is there, wait() waits for it', async (t) => {
  const job = new Numbers({ executor: inline() })
  const { promise, resolve } = withResolvers<number>()
  job.results.set('p', promise)
  t.true(job.results.isPending('p'))
  throwsSaying(t, () => job.results.get('p'), PendingReadError, 'get("p")', 'promise', 'settled')
  throwsSaying(
    t,
    () => job.block(({ results }) => results.get('p')),
    PendingReadError,
    'get("p")',
    'promise',
    'settled',
  )
  const waited = job.wait().then(() => job.results.get('p'))
  resolve(5)
  t.is(await waited, 5)
  t.false(job.results.isPending('p'))
})

test('a promise that rejects rejects settled() and wait(), and reads throw its reason', async (t) => {
  const job = new Numbers({ executor: inline() })
  job.results.set('p', Promise.reject(new RangeError('lost')))
  await rejectsSaying(t, job.results.settled('p'), RangeError, 'lost')
  throwsSaying(t, () => job.results.get('p'), RangeError, 'lost')
  await rejectsSaying(t, job.wait(), RangeError, 'lost')
  await job.wait()
})

test('a promise that had rejected before it was put in is not lost', async (t) => {
  const job = new Numbers({ executor: inline() })
  const promise = Promise.reject(new RangeError('lost'))
  await t.throwsAsync(promise)
  await rejectsSaying(
    t,
    job.run(({ results }) => void results.set('p', promise)),
    RangeError,
    'lost',
  )
})

eachExecutor('a plain synchronized method cannot wait for a promise, and says so', async (t, executor) => {
  const job = new Numbers({ executor })
  const { promise, resolve } = withResolvers<number>()
  const run = () => job.block(({ results }) => void results.set('a', job.square(2)).set('p', promise))
  throwsSaying(
    t,
    run,
    PendingReadError,
    'Cannot block on a promise',
    'event loop',
    'Make the @synchronized method async',
  )
  t.is(job.results.get('a'), 4)
  resolve(5)
  await job.wait()
  t.is(job.results.get('p'), 5)
})

test('a thenable of the program is taken as a promise', async (t) => {
  const job = new Numbers({ executor: inline() })
  const thenable: PromiseLike<number> = { then: (onValue) => Promise.resolve(5).then(onValue) }
  job.results.set('p', thenable)
  t.true(job.results.isPending('p'))
  await job.wait()
  t.is(job.results.get('p'), 5)
})

test('it is a Map, and what is derived from it is a plain one', (t) => {
  const map = new TrackedMap([['a', 1]])
  t.true(map instanceof Map)
  t.true(map instanceof TrackedMap)
  t.is((TrackedMap as unknown as { [Symbol.species]: unknown })[Symbol.species], Map)
  t.is(Object.prototype.toString.call(map), '[object Map]')
  t.is(map.set('b', 2), map)
  t.deepEqual(
    structuredClone(new Map(map)),
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
  )
})

test('constructor entries may be a Map, a generator, null or nothing', (t) => {
  const generate = function* (): Generator<[string, number]> {
    yield ['a', 1]
  }
  t.deepEqual([...new TrackedMap(new Map([['a', 1]]))], [['a', 1]])
  t.deepEqual([...new TrackedMap(generate())], [['a', 1]])
  t.is(new TrackedMap(null).size, 0)
  t.is(new TrackedMap().size, 0)
})

test('forEach gives value, key and the map itself, with the given this', (t) => {
  const map = new TrackedMap([['a', 1]])
  const self = {}
  const seen: unknown[] = []
  map.forEach(function (this: unknown, ...args) {
    seen.push(this, ...args)
  }, self)
  t.is(seen[0], self)
  t.deepEqual(seen.slice(1, 3), [1, 'a'])
  t.is(seen[3], map)
})

test('a subclass of it works as one', async (t) => {
  class Upper<V> extends TrackedMap<string, V> {
    override set(key: string, value: V | PromiseLike<V>): this {
      return super.set(key.toUpperCase(), value)
    }
  }
  const job = new Numbers({ executor: inline() })
  const map = new Upper<number>([['a', job.square(2)]])
  await job.wait()
  t.deepEqual([...map], [['A', 4]])
})

test('it can be looked at in a log while entries are pending', async (t) => {
  const job = new Numbers({ executor: inline() })
  const map = new TrackedMap([
    ['a', 1],
    ['b', job.square(3)],
  ])
  t.is(inspect(map), "TrackedMap(2) { 'a' => 1, 'b' => Future { call 1 of Numbers.square } }")
  await job.wait()
  t.is(inspect(map), "TrackedMap(2) { 'a' => 1, 'b' => 9 }")
})

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((onValue) => {
    resolve = onValue
  })
  return { promise, resolve }
}

eachExecutor('what the language itself takes out or puts in stays so when a call is committed', async (t, executor) => {
  const job = new Numbers({ executor })
  for (const key of ['gone', 'other', 'kept']) job.results.set(key, job.square(3))
  Map.prototype.delete.call(job.results, 'gone')
  Map.prototype.set.call(job.results, 'other', 1)
  await job.wait()
  t.deepEqual(
    [...job.results],
    [
      ['other', 1],
      ['kept', 9],
    ],
  )
})
