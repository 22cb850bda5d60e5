import test from 'ava'
import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { type Packable, pack, unpack } from '../../../src/bullmq/wire/pack.js'
import { SerializationError } from '../../../src/index.js'
import { runs } from '../../helpers/fuzz.js'
import { watchPrototypes } from '../../helpers/prototypes.js'

const changed = watchPrototypes()
test.after.always('no prototype has been reached', (t) => t.deepEqual(changed(), []))

const packable = fc.letrec<{ value: Packable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0)),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.array(tie('value'), { maxLength: 40 }),
  ),
})).value

// As the library would write it, all its extensions included.
const anyhow = new Packr({ useRecords: false, moreTypes: true, structuredClone: true })
const says = (what: RegExp) => ({ instanceOf: SerializationError, message: what })

test('what was packed is unpacked', (t) => {
  fc.assert(
    fc.property(packable, (value) => {
      t.deepEqual(unpack(pack(value)), value)
    }),
    runs(500),
  )
})

test('long texts, bytes and lists as well', (t) => {
  for (const length of [255, 256, 65_535, 65_536, 100_000]) {
    const value = ['x'.repeat(length), Buffer.alloc(length, 7), new Array<number>(length).fill(-40_000)]
    t.deepEqual(unpack(pack(value)), value)
  }
})

test('bytes of which one is changed, missing or added are unpacked or refused, and nothing else', (t) => {
  fc.assert(
    fc.property(packable, fc.nat(), fc.nat(255), fc.constantFrom('change', 'cut', 'add'), (value, place, byte, how) => {
      const bytes = Buffer.from(pack(value))
      const at = place % bytes.length
      if (how === 'change') bytes[at] = byte
      const given =
        how === 'cut' ? bytes.subarray(0, at) : how === 'add' ? Buffer.concat([bytes, Buffer.of(byte)]) : bytes
      try {
        unpack(given)
      } catch (error) {
        t.true(error instanceof SerializationError, String(error))
      }
    }),
    runs(3000),
  )
  t.pass()
})

test('any bytes are unpacked or refused', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        unpack(bytes)
      } catch (error) {
        t.true(error instanceof SerializationError, String(error))
      }
    }),
    runs(10_000),
  )
  t.pass()
})

test('a list that says it has four billion items is refused, in a list of such lists too', (t) => {
  const list = Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])
  t.throws(() => unpack(list), says(/it ends too early/))
  t.throws(() => unpack(Buffer.concat(new Array<Buffer>(100_000).fill(list))), says(/it ends too early/))
})

test('lists that share the bytes of which each says they are its own are refused before memory is taken for them', (t) => {
  const head = Buffer.from([0xdc, 0xff, 0xff])
  t.throws(
    () => unpack(Buffer.concat([...new Array<Buffer>(200).fill(head), Buffer.alloc(70_000)])),
    says(/it ends too early/),
  )
})

test('a million lists within each other are refused', (t) => {
  t.throws(() => unpack(Buffer.alloc(1_000_000, 0x91)), says(/nested deeper than 256/))
})

for (const [what, value] of Object.entries({
  'an object': { a: 1 },
  'an object with a prototype for a key': JSON.parse('{"__proto__": {"polluted": true}}'),
  'a Map': new Map([[1, 2]]),
  'a Date': new Date(),
  'an expression': /(a+)+$/,
  'an error': new Error('from outside'),
  'a Set': new Set([1]),
  'a bigint': 2n ** 40n,
}))
  test(`${what} is refused: MessagePack could hold it`, (t) => {
    t.throws(() => unpack(anyhow.pack([value])), says(/it holds something that no message does/))
  })

test('a record, of which msgpackr would make a function, is refused', (t) => {
  t.throws(
    () => unpack(Buffer.from([0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 0x01])),
    says(/it holds something that no message does/),
  )
})
