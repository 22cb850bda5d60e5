import { deepStrictEqual } from 'node:assert/strict'
import test from 'ava'
import fc from 'fast-check'
import { type Packable, pack, unpack } from '../../../src/bullmq/wire/pack.js'
import { NO_OBJECTS, readValues, SIMPLE_OBJECTS, writeValues } from '../../../src/bullmq/wire/values.js'
import { SerializationError } from '../../../src/index.js'
import { packed } from '../../../src/values/pack.js'
import { runs } from '../../helpers/fuzz.js'
import { primitive, simple } from '../../helpers/packable-values.js'

const through = (values: readonly unknown[] | Float64Array) =>
  readValues(unpack(pack(writeValues(values, SIMPLE_OBJECTS))), SIMPLE_OBJECTS)

test('every primitive, and every simple object, comes back as it was', (t) => {
  fc.assert(
    fc.property(fc.array(fc.oneof(primitive, simple)), (values) => deepStrictEqual(through(values), values)),
    runs(2000),
  )
  t.pass()
})

test('numbers alone come back as they were, -0 and NaN among them', (t) => {
  const values = packed([-0, 1, Number.NaN, -Infinity])
  t.true(values instanceof Float64Array)
  t.deepEqual(through(values), values)
})

test('results of methods that return nothing take a few bytes', (t) => {
  const values = new Array(2048).fill(undefined)
  t.deepEqual(through(values), values)
  t.true(pack(writeValues(values, NO_OBJECTS)).length < 10)
})

test('an object is an own property of its results, whatever it is called', (t) => {
  const odd = JSON.parse('{"__proto__": 1, "constructor": 2}') as object
  const [read] = through([odd]) as [object]
  t.is(Object.getPrototypeOf(read), Object.prototype)
  t.deepEqual(Object.entries(read), Object.entries(odd))
})

for (const [what, value] of [
  ['a function', () => 0],
  ['a symbol', Symbol('s')],
  ['an object of a class', new Date()],
  ['a Map', new Map()],
] as const)
  test(`${what} is refused by name where it is written`, (t) => {
    t.throws(() => writeValues([value], SIMPLE_OBJECTS), {
      instanceOf: SerializationError,
      message: /^Cannot send \w+ to another machine: .*Way out: /,
    })
  })

const wrong: Record<string, Packable> = {
  'no list': 5,
  'no known form': [9, []],
  'a hundred million times nothing': [2, 100_000_000],
  'half a number': [1, new Uint8Array(7)],
  'an odd value beyond the end': [0, [null], [1, 0, null]],
  'an odd value without its parts': [0, [null], [0, 0]],
  'an object of no kind': [0, [null], [0, 99, null]],
  'a list where a value should be': [0, [[]], []],
  'a bigint that is none': [0, [null], [0, 2, '0x']],
  'an object with more keys than values': [
    0,
    [null],
    [
      0,
      6,
      [
        [0, ['a'], []],
        [0, [], []],
      ],
    ],
  ],
  'an object with a number for a key': [
    0,
    [null],
    [
      0,
      6,
      [
        [0, [1], []],
        [0, [1], []],
      ],
    ],
  ],
  'an array of other lists': [0, [null], [0, 7, [0, [null], [0, 7, [0, [], []]]]]],
}
for (const [what, packable] of Object.entries(wrong))
  test(`${what} is refused`, (t) => {
    t.throws(() => readValues(unpack(pack(packable)), SIMPLE_OBJECTS), {
      instanceOf: SerializationError,
      message: /^Cannot read a message from Redis: .*Way out: /,
    })
  })
