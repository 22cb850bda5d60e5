import test from 'ava'
import { inline, PendingReadError, TrackedMap, tracked } from '../../src/index.js'
import { Numbers } from '../fixtures/numbers.js'
import { eachExecutor } from '../helpers/each-executor.js'
import { throwsSaying } from '../helpers/throws-saying.js'

type Table = Record<string, Record<string, number>>

eachExecutor('an empty table grows rows with the first assignment into them', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(({ table }) => {
    for (const lat of ['10', '20']) for (const lon of ['1', '2']) table[lat]![lon] = job.add(Number(lat), Number(lon))
  })
  t.deepEqual(plain(job.table), { 10: { 1: 11, 2: 12 }, 20: { 1: 21, 2: 22 } })
})

test('rows grow to any depth, and reading one alone leaves no trace', (t) => {
  const table = tracked<Record<string, Record<string, Record<string, number>>>>({})
  t.truthy(table.a!.b)
  t.deepEqual(Object.keys(table), [])
  t.false('a' in table)
  table.a!.b!.c = 1
  t.deepEqual(plain(table), { a: { b: { c: 1 } } })
})

test('a row held before its first assignment is the one that the table then has', (t) => {
  const table = tracked<Table>({})
  const row = table.a!
  row.x = 1
  t.is(table.a, row)
  t.deepEqual(plain(table), { a: { x: 1 } })
})

test('what is frozen in a table reads as it is', (t) => {
  const table = tracked<{ row?: { readonly cells: readonly number[] } }>({})
  const row = Object.freeze({ cells: [1] })
  table.row = row
  t.is(table.row.cells, row.cells)
})

test('two reads of a row that is not there yet lead to one row', (t) => {
  const table = tracked<Table>({})
  const [one, two] = [table.a!, table.a!]
  one.x = 1
  two.y = 2
  t.deepEqual(plain(table), { a: { x: 1, y: 2 } })
})

test('once a row holds values, what is missing in it is undefined', (t) => {
  const table = tracked<Table>({})
  table.a!.x = 1
  t.is(table.a!.y, undefined)
  t.truthy(table.b)
})

test('an object that holds something to begin with does not grow', (t) => {
  const settings = tracked<{ name: string; missing?: object }>({ name: 'x' })
  t.is(settings.missing, undefined)
})

const reads: Record<string, (row: Record<string, number>) => unknown> = {
  'a property read': (row) => row.y,
  destructuring: ({ y }) => y,
  'object spread': (row) => ({ ...row }),
  'Object.values': (row) => Object.values(row),
  'Object.entries': (row) => Object.entries(row),
  'JSON.stringify': (row) => JSON.stringify(row),
  'Object.assign': (row) => Object.assign({}, row),
}

for (const [what, read] of Object.entries(reads)) {
  eachExecutor(`${what} waits for what it reads in a plain synchronized method`, (t, executor) => {
    const job = new Numbers({ executor })
    const seen = job.block(({ table }) => {
      table.a!.x = 1
      table.a!.y = job.square(3)
      return read(table.a!)
    })
    t.deepEqual(seen, read({ x: 1, y: 9 }))
  })

  eachExecutor(`${what} throws in an async synchronized method`, async (t, executor) => {
    const job = new Numbers({ executor })
    await job.run(({ table }) => {
      table.a!.x = 1
      table.a!.y = job.square(3)
      throwsSaying(
        t,
        () => read(table.a!),
        PendingReadError,
        'this.table',
        '.y',
        'call 1 of Numbers.square',
        'await this.wait()',
      )
    })
    t.is(job.table.a!.y, 9)
  })
}

test('the whole path of a pending place is named, and only ways out that there are', async (t) => {
  const job = new Numbers({ executor: inline() })
  job.nested.deep.list.push(job.square(3))
  const error = t.throws(() => job.nested.deep.list[0], { instanceOf: PendingReadError })
  t.true(error?.message.includes('this.nested.deep.list[0]'), error?.message)
  t.false(error?.message.includes('this.nested.settled('), error?.message)
  await job.wait()
})

eachExecutor('arrays within are tracked: push, index, length, sort', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(({ nested }) => {
    const { list } = nested.deep
    list.push(job.square(1), job.square(2))
    list[2] = job.square(3)
    nested.deep.list.push(7)
    t.is(list.length, 4)
    t.true(Array.isArray(list))
  })
  t.deepEqual(plain(job.nested), { deep: { list: [1, 4, 9, 7] } })
  job.nested.deep.list.sort((a, b) => b - a)
  t.deepEqual([...job.nested.deep.list], [9, 7, 4, 1])
})

eachExecutor('objects and arrays that are put in later are tracked as well', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(({ nested }) => {
    nested.deep = { list: [1] }
    nested.deep.list.push(job.square(5))
    nested.deep.list = [2]
    nested.deep.list.push(job.square(6))
  })
  t.deepEqual(plain(job.nested), { deep: { list: [2, 36] } })
})

eachExecutor('Futures inside an object that is put in are filled', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(({ nested }) => {
    nested.deep = { list: [job.square(1), job.square(2)] }
  })
  t.deepEqual(plain(job.nested), { deep: { list: [1, 4] } })
})

eachExecutor('what overwrites or deletes a pending place stays', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.run(({ nested, table }) => {
    nested.other = job.square(3)
    delete nested.other
    t.false('other' in nested)
    nested.note = 'kept'
    table.a!.x = job.square(4)
    table.a!.x = 1
    table.a!.y = job.later(5) as never
    table.a!.y = job.square(6)
    table.b!.x = job.square(7)
    delete table.b
  })
  t.deepEqual(plain(job.nested), { deep: { list: [] }, note: 'kept' })
  t.deepEqual(plain(job.table), { a: { x: 1, y: 36 } })
})

test('keys and `in` do not wait', async (t) => {
  const job = new Numbers({ executor: inline() })
  job.table.a!.x = job.square(3)
  t.deepEqual(Object.keys(job.table.a!), ['x'])
  t.true('x' in job.table.a!)
  t.true(Object.hasOwn(job.table.a!, 'x'))
  await job.wait()
})

test('children keep their identity', (t) => {
  const value = { a: { b: [{ c: 1 }] } }
  const root = tracked(value)
  t.is(root.a, root.a)
  t.is(root.a.b[0], root.a.b[0])
  t.is(tracked(root), root)
  t.is(tracked(value), root)
})

test('a child put elsewhere in the tree is the same child', (t) => {
  const root = tracked<{ a?: object; b?: object; list: object[] }>({ a: {}, list: [] })
  const child = root.a as object
  root.b = child
  root.list.push(child)
  t.is(root.b, root.a as object)
  t.is(root.list[0], child)
})

test('what it is stays visible: arrays are arrays, plain objects plain, other things themselves', (t) => {
  const date = new Date(0)
  const inner = new Map([['a', 1]])
  const root = tracked<{ date: Date; inner: Map<string, number>; list: number[] }>({ date, inner, list: [] })
  t.true(Array.isArray(root.list))
  t.is(Object.getPrototypeOf(root), Object.prototype)
  t.is(root.date, date)
  t.is(root.inner.get('a'), 1)
  t.true(Array.isArray(tracked([1])))
})

test('a key that every object inherits is no row', (t) => {
  const table = tracked<Record<string, unknown>>({})
  t.is(table.toString, Object.prototype.toString)
  t.is(JSON.stringify(table), '{}')
  t.is(String(table), '[object Object]')
})

test('an empty table is not taken for a promise', async (t) => {
  const table = tracked<Table>({})
  t.is(await table, table)
})

const refused: [value: unknown, what: string][] = [
  [new Map(), 'an instance of Map'],
  [new Set(), 'an instance of Set'],
  [new Date(), 'an instance of Date'],
  [new (class Body {})(), 'an instance of Body'],
  [new TrackedMap(), 'an instance of TrackedMap'],
  [new Float64Array(1), 'an instance of Float64Array'],
  [null, 'null'],
  [undefined, 'undefined'],
  ['text', 'text'],
  [7, '7'],
]

for (const [value, what] of refused) {
  test(`tracked() refuses ${what}`, (t) => {
    throwsSaying(
      t,
      () => tracked(value as object),
      TypeError,
      `Cannot track ${what}`,
      'a plain object or an array',
      'TrackedMap',
    )
  })
}

function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value))
}
