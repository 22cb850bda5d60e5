import { inspect } from 'node:util'
import test from 'ava'
import { inline, PendingReadError, TrackedArray } from '../../src/index.js'
import { Numbers } from '../fixtures/numbers.js'
import { eachExecutor } from '../helpers/each-executor.js'
import { rejectsSaying, throwsSaying } from '../helpers/throws-saying.js'

eachExecutor('push, index and set take results and values alike', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(({ list }) => {
    t.is(list.push(job.square(2), 1), 2)
    list[2] = job.square(3)
    t.is(list.set(3, job.later(4)), list)
    list[4] = 5
    list.set(5, Promise.resolve(6))
    t.is(list.length, 6)
  })
  t.deepEqual([...job.list], [4, 1, 9, 16, 5, 6])
})

const reads: Record<string, (list: number[]) => unknown> = {
  'an index': (list) => list[1],
  'at()': (list) => list.at(-1),
  destructuring: ([, second]) => second,
  spread: (list) => [...list],
  'for … of': (list) => {
    for (const _ of list);
  },
  'map()': (list) => list.map((n) => n + 1),
  'filter()': (list) => list.filter((n) => n > 1),
  'slice()': (list) => list.slice(),
  'concat()': (list) => list.concat([0]),
  'reduce()': (list) => list.reduce((sum, n) => sum + n, 0),
  'join()': (list) => list.join(),
  'includes()': (list) => list.includes(9),
  'indexOf()': (list) => list.indexOf(9),
  'sort()': (list) => [...list.sort((a, b) => b - a)],
  'toSorted()': (list) => list.toSorted(),
  'pop()': (list) => list.pop(),
  'entries()': (list) => [...list.entries()],
  'values()': (list) => [...list.values()],
  'Math.max()': (list) => Math.max(...list),
  'JSON.stringify()': (list) => JSON.stringify(list),
  'Array.from()': (list) => Array.from(list),
}

for (const [what, read] of Object.entries(reads)) {
  eachExecutor(`${what} waits for what it reads in a plain synchronized method`, (t, executor) => {
    const job = new Numbers({ executor })
    const seen = job.block(({ list }) => {
      list.push(1, job.square(3))
      return read(list)
    })
    t.deepEqual(seen, read([1, 9]))
  })

  eachExecutor(`${what} throws in an async synchronized method`, async (t, executor) => {
    const job = new Numbers({ executor })
    await job.run(({ list }) => {
      list.push(1, job.square(3))
      throwsSaying(
        t,
        () => read(list),
        PendingReadError,
        'this.list[1]',
        'call 1 of Numbers.square',
        'await this.list.settled(',
        'await this.wait()',
      )
    })
    t.is(job.list[1], 9)
  })
}

test('outside any synchronized method a read of a pending element throws', async (t) => {
  const job = new Numbers({ executor: inline() })
  job.list.push(job.square(3))
  throwsSaying(t, () => job.list[0], PendingReadError, 'this.list[0]', 'settled', 'wait')
  await job.wait()
  t.is(job.list[0], 9)
})

test('length, isPending and other elements never wait', async (t) => {
  const job = new Numbers({ executor: inline() })
  const list = new TrackedArray<number>(1, job.square(3) as never)
  t.is(list.length, 2)
  t.is(list[0], 1)
  t.true(1 in list)
  t.deepEqual(Object.keys(list), ['0', '1'])
  t.deepEqual([list.isPending(0), list.isPending(1), list.isPending(2)], [false, true, false])
  await job.wait()
  t.false(list.isPending(1))
})

eachExecutor('what overwrites a pending element stays', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(({ list }) => {
    list.push(job.later(2) as never, job.later(3) as never, job.square(4))
    list[0] = 1
    list[1] = job.square(5)
    list.length = 2
  })
  t.deepEqual([...job.list], [1, 25])
})

eachExecutor('a length cut while an element is pending stays cut', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(({ list }) => {
    for (let i = 0; i < 4; i++) list.push(job.square(i))
    list.length = 1
  })
  t.is(job.list.length, 1)
  t.deepEqual([...job.list], [0])
})

eachExecutor('an element deleted while pending leaves a hole', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(({ list }) => {
    list.push(job.square(1), job.square(2))
    delete list[0]
  })
  t.false(0 in job.list)
  t.deepEqual(job.list.length, 2)
})

eachExecutor('an index far out leaves holes before it, as in any array', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(({ list }) => {
    list[3] = job.square(2)
  })
  t.is(job.list.length, 4)
  t.false(0 in job.list)
  t.is(job.list[0], undefined)
  t.is(job.list[3], 4)
})

const moves: Record<string, (list: number[], more: number) => unknown> = {
  'unshift()': (list, more) => list.unshift(more),
  'splice()': (list, more) => list.splice(1, 1, more),
  'fill()': (list, more) => list.fill(more) && undefined,
  'reverse()': (list) => list.reverse() && undefined,
  'copyWithin()': (list) => list.copyWithin(0, 1) && undefined,
  'shift()': (list) => list.shift(),
}

for (const [what, move] of Object.entries(moves)) {
  eachExecutor(`${what} puts elements where it would in any array`, (t, executor) => {
    const job = new Numbers({ executor })
    const result = job.block(({ list }) => {
      list.push(job.square(1), job.square(2), job.square(3))
      return move(list, job.square(10))
    })
    const plain = [1, 4, 9]
    t.deepEqual(result, move(plain, 100))
    t.deepEqual([...job.list], plain)
  })
}

test('settled gives an element, or rejects with the error of its call', async (t) => {
  const job = new Numbers({ executor: inline() })
  const { list } = job
  list.push(1, job.square(3), job.fail(5))
  t.deepEqual(await Promise.all([0, 1, 7].map((i) => list.settled(i))), [1, 9, undefined])
  await rejectsSaying(t, list.settled(2), RangeError, 'number 5')
  throwsSaying(t, () => list[2], RangeError, 'number 5')
  await t.throwsAsync(job.wait())
})

test('a promise of the program goes in, and wait() waits for it', async (t) => {
  const job = new Numbers({ executor: inline() })
  job.list.set(0, Promise.resolve(5))
  throwsSaying(t, () => job.list[0], PendingReadError, '[0]', 'promise')
  await job.wait()
  t.is(job.list[0], 5)
})

test('it is an Array, and what is derived from it is a plain one', (t) => {
  const list = TrackedArray.of(1, 2, 3)
  t.true(Array.isArray(list))
  t.is(Object.getPrototypeOf(TrackedArray), Array)
  t.true(list instanceof TrackedArray)
  t.is(list.constructor, TrackedArray)
  for (const derived of [
    list.map((n) => n),
    list.filter(() => true),
    list.slice(),
    list.concat([]),
    list.flatMap((n) => [n]),
    list.splice(0, 0),
  ]) {
    t.is(Object.getPrototypeOf(derived), Array.prototype)
  }
})

test('of and from make a tracked one', async (t) => {
  const job = new Numbers({ executor: inline() })
  const of = TrackedArray.of(job.square(2), 1)
  const from = TrackedArray.from([1, 2], (n) => job.square(n))
  t.true(of instanceof TrackedArray)
  t.true(from instanceof TrackedArray)
  t.true((of as TrackedArray<number>).isPending(0))
  await job.wait()
  t.deepEqual([...of], [4, 1])
  t.deepEqual([...from], [1, 4])
})

test('a single number is a length, as for Array', (t) => {
  const list = new TrackedArray<number>(3 as never)
  t.is(list.length, 3)
  t.false(0 in list)
  t.is(new TrackedArray<number>().length, 0)
  t.deepEqual([...new TrackedArray('a')], ['a'])
})

test('a length that is none is refused, as by Array', (t) => {
  t.throws(() => new TrackedArray<number>(-1 as never), { instanceOf: RangeError })
  t.throws(() => new TrackedArray<number>(1.5 as never), { instanceOf: RangeError })
})

test('it can be looked at in a log while elements are pending', async (t) => {
  const job = new Numbers({ executor: inline() })
  job.list.push(1, job.square(3))
  // Node.js 26 adds that it is a proxy.
  t.regex(inspect(job.list), /^(Proxy\()?TrackedArray\(2\) \[ 1, Future { call 1 of Numbers\.square } \]\)?$/)
  await job.wait()
  t.regex(inspect(job.list), /^(Proxy\()?TrackedArray\(2\) \[ 1, 9 \]\)?$/)
})
