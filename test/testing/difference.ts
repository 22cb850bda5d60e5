import test from 'ava'
import { Comparison, difference, pairsOf, show } from '../../src/testing/difference.js'

const differs = test.macro({
  exec(t, make: () => [actual: unknown, expected: unknown], said: string) {
    t.is(difference(...make()), said)
  },
  title: (what) => `it sees ${what}`,
})

const sparse = (...at: number[]) => {
  const list: number[] = []
  for (const i of at) list[i] = i
  list.length = 4
  return list
}

const shared = { a: 1 }

test('the same twice', (t) => {
  const make = () => ({
    list: sparse(0, 2),
    map: new Map<unknown, unknown>([[{ k: 1 }, new Set([1])]]),
    bytes: new Uint8Array([1, 2]),
    error: Object.assign(new RangeError('x', { cause: 1 }), { code: 1 }),
    date: new Date(0),
    pattern: /x/g,
  })
  t.is(difference(make(), make()), undefined)
  const cycle = () => {
    const value: { self?: object } = {}
    value.self = value
    return value
  }
  t.is(difference(cycle(), cycle()), undefined)
})

test('a value', differs, () => [{ a: [1, -0] }, { a: [1, 0] }], 'value.a[1]: -0 instead of 0')
test('a class', differs, () => [new Date(0), {}], 'value (class): Date instead of Object')
test('what is missing', differs, () => [{ a: 1 }, { a: 1, b: 2 }], 'value (keys): a instead of a, b')
test(
  'the order of properties',
  differs,
  () => [
    { b: 2, a: 1 },
    { a: 1, b: 2 },
  ],
  'value (keys): b, a instead of a, b',
)
test(
  'the order of a Map',
  differs,
  () => [
    new Map([
      ['b', 1],
      ['a', 1],
    ]),
    new Map([
      ['a', 1],
      ['b', 1],
    ]),
  ],
  "value (key 0): 'b' instead of 'a'",
)
test(
  'a value in a Map',
  differs,
  () => [new Map([['a', [1]]]), new Map([['a', [2]]])],
  'value.get("a")[0]: 1 instead of 2',
)
test('a member of a Set', differs, () => [new Set([1, 2]), new Set([1, 3])], 'value (key 1): 2 instead of 3')
test('the size of a Set', differs, () => [new Set([1]), new Set([1, 3])], 'value (size): 1 instead of 2')
test('a hole', differs, () => [sparse(0, 2), sparse(0, 1)], 'value (elements): 0, 2 instead of 0, 1')
test('bytes', differs, () => [new Uint8Array([1, 2]), new Uint8Array([1, 3])], 'value[1]: 2 instead of 3')
test('a lock', differs, () => [Object.freeze({}), {}], 'value (lock): frozen instead of open')
test(
  'a read-only property',
  differs,
  () => [Object.defineProperty({}, 'a', { value: 1, enumerable: true }), { a: 1 }],
  'value (attributes of a): {"writable":false,"enumerable":true,"configurable":false} instead of nothing',
)
test(
  'an error of another message',
  differs,
  () => [new Error('a'), new Error('b')],
  "value.message: 'a' instead of 'b'",
)
test(
  'one object where there should be two',
  differs,
  () => [
    [shared, shared],
    [{ a: 1 }, { a: 1 }],
  ],
  'value[1]: another object, seen elsewhere instead of the same object as there',
)
test(
  'two objects where there should be one',
  differs,
  () => [
    [{ a: 1 }, { a: 1 }],
    [shared, shared],
  ],
  'value[1]: an object of its own instead of the same object as there',
)

test('objects with a history must keep their partners', (t) => {
  const [a, b] = [{ x: { n: 1 } }, { x: { n: 1 } }]
  const pairs = pairsOf(a, b)
  t.is(difference(a, b, pairs), undefined)
  a.x = { n: 1 }
  t.is(difference(a, b, pairs), 'value.x: another object than before instead of the same object as there')
})

test('all differences are told, and memory that threads share is left out on demand', (t) => {
  const memory = () => new Int32Array(new SharedArrayBuffer(4))
  const [a, b] = [
    { x: 1, y: 2, m: memory() },
    { x: 2, y: 3, m: memory() },
  ]
  a.m[0] = 1
  t.deepEqual(
    [...new Comparison().of(a, b, '')].map(({ path }) => path),
    ['.x', '.y', '.m[0]'],
  )
  t.is([...new Comparison(undefined, { skipsMemory: true }).of(a, b, '')].length, 2)
})

test('values are shown in one short line', (t) => {
  t.is(show('text'), "'text'")
  t.is(show(new RangeError('no')), 'RangeError: no')
  t.is(show({ a: { b: {} } }), '{ a: { b: {} } }')
  t.is(show('x'.repeat(100), 10).length, 10)
})
