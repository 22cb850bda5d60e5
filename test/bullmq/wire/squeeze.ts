import { randomBytes } from 'node:crypto'
import { brotliCompressSync } from 'node:zlib'
import test from 'ava'
import fc from 'fast-check'
import { squeeze, unsqueeze } from '../../../src/bullmq/wire/squeeze.js'
import { SerializationError } from '../../../src/index.js'
import { runs } from '../../helpers/fuzz.js'

const LONGEST = 2 ** 20
const says = (message: RegExp) => ({ instanceOf: SerializationError, message })

test('what is squeezed is given back', (t) => {
  for (const bytes of [new Uint8Array(), Buffer.alloc(100, 1), Buffer.alloc(100_000, 7), randomBytes(100_000)])
    t.deepEqual([...unsqueeze(squeeze(bytes), LONGEST)], [...bytes])
})

test('what is long and loose gets shorter; what is short or dense stays as it is', (t) => {
  const rows = Buffer.from(JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ id: i, name: `row ${i}` }))))
  t.true(squeeze(rows).length < rows.length / 2)
  for (const bytes of [rows.subarray(0, 10_000), randomBytes(100_000)]) t.is(squeeze(bytes).length, bytes.length + 1)
})

test('what would be longer than it may is refused before it is made', (t) => {
  const bomb = Buffer.concat([Buffer.of(1), brotliCompressSync(Buffer.alloc(2 ** 24))])
  t.true(bomb.length < 1000)
  t.throws(() => unsqueeze(bomb, LONGEST), says(/broken, or too long/))
  t.throws(() => unsqueeze(Buffer.alloc(LONGEST + 2), LONGEST), says(/it has 1048577 bytes/))
})

test('any bytes are given back or refused', (t) => {
  fc.assert(
    fc.property(fc.nat(2), fc.uint8Array({ maxLength: 100 }), (form, bytes) => {
      try {
        unsqueeze(Buffer.concat([Buffer.of(form), bytes]), LONGEST)
      } catch (error) {
        t.true(error instanceof SerializationError, String(error))
      }
    }),
    runs(2000),
  )
  t.throws(() => unsqueeze(new Uint8Array(), LONGEST), says(/in no known way/))
})
