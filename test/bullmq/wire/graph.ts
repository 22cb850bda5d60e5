import { deepStrictEqual } from 'node:assert/strict'
import test from 'ava'
import fc from 'fast-check'
import { readGraph, writeGraph } from '../../../src/bullmq/wire/graph.js'
import { ModulesIn, ModulesOut } from '../../../src/bullmq/wire/modules.js'
import { type Packable, pack, unpack } from '../../../src/bullmq/wire/pack.js'
import { packUnit, unpackUnit } from '../../../src/bullmq/wire/unit.js'
import { SerializationError, shared } from '../../../src/index.js'
import type { Encoded } from '../../../src/protocol.js'
import { Encoder } from '../../../src/values/encoder.js'
import { Graph } from '../../../src/values/graph.js'
import { kinds } from '../../fixtures/kinds-of-values.js'
import { mutated, runs } from '../../helpers/fuzz.js'
import { graph } from '../../helpers/packable-values.js'

const nameOf = (url: string) => ({ path: url.slice('file:///root/'.length), fingerprint: new Uint8Array([1]) })
const urlOf = ({ path }: { path: string }) => `file:///root/${path}`

function through(encoded: Encoded): Encoded {
  const modules = new ModulesOut(nameOf)
  const written = writeGraph(encoded, modules)
  const [read, names] = unpack(pack([written, modules.pack()])) as [Packable, Packable]
  return readGraph(read, new ModulesIn(names, urlOf))
}

const encode = (value: unknown): Encoded => {
  const encoder = new Encoder({ apart: true })
  encoder.add([value], 'a value')
  return encoder.finish()
}

test('whatever has the form of a graph comes back as it was, other graphs within it included', (t) => {
  fc.assert(
    fc.property(graph, (encoded) => deepStrictEqual(through(encoded), encoded)),
    runs(500),
  )
  t.pass()
})

// Classes of fixtures lie elsewhere: what is compared is the graph, and what is made of it.
const anywhere = {
  nameOf: (url: string) => ({ path: url, fingerprint: new Uint8Array() }),
  urlOf: ({ path }: { path: string }) => path,
}
for (const [name, make] of Object.entries(kinds))
  test(`every kind of value: ${name}`, (t) => {
    let encoded: Encoded
    try {
      encoded = encode(make())
    } catch (error) {
      // What two processes cannot have in common is refused before it comes to this.
      t.true(error instanceof SerializationError)
      return
    }
    const packed = packUnit({ encoded, frozen: false }, anywhere.nameOf, () => new Uint8Array())
    const read = unpackUnit(packed, anywhere.urlOf).encoded([])
    // An instance of a class of buffers is on the tape as it is; what crosses is a buffer.
    t.deepEqual(read, structuredClone(encoded))
    t.deepEqual(encode((Graph.decode(read).nodes[0] as unknown[])[0]), encoded)
  })

test('the same objects have the same hash, in every process; others have another', (t) => {
  const hash = (value: unknown) =>
    packUnit({ encoded: encode(value), frozen: false }, nameOf, () => new Uint8Array()).hash
  t.deepEqual(hash({ a: [1, 2] }), hash({ a: [1, 2] }))
  t.notDeepEqual(hash({ a: [1, 2] }), hash({ a: [1, -2] }))
})

test('a unit whose bytes are not those of its hash is refused', (t) => {
  const { hash, bytes } = packUnit({ encoded: encode({ a: 1 }), frozen: false }, nameOf, () => new Uint8Array())
  const changed = Buffer.from(bytes)
  changed[3]! ^= 1
  t.throws(() => unpackUnit({ hash, bytes: changed }, urlOf), {
    instanceOf: SerializationError,
    message: /hash differs/,
  })
})

test('references to shared values go by their hash, whatever their ids are here and there', (t) => {
  const grid = shared({ values: [1, 2] })
  const ids = [77, 78]
  const encoder = new Encoder({
    apart: true,
    shared: { unitOf: () => ({ id: ids[0]!, graph: { numberOf: () => 0 } }) },
  })
  encoder.add([grid], 'a value')
  const hash = new Uint8Array(32).fill(9)
  const packed = packUnit({ encoded: encoder.finish(), frozen: false }, nameOf, (id) =>
    id === 77 ? hash : new Uint8Array(),
  )
  const read = unpackUnit(packed, urlOf)
  t.deepEqual(
    read.needs.map((need) => [...need]),
    [[...hash]],
  )
  t.true(read.encoded([5]).tape.includes(5))
  t.throws(() => read.encoded([]), { message: /refers to one that it does not name/ })
})

test('a graph that is written wrongly is refused', (t) => {
  const modules = new ModulesOut(nameOf)
  const sound = writeGraph(encode({ a: [1, { b: 2n }], c: new Float64Array(2) }), modules)
  fc.assert(
    fc.property(mutated(fc.constant(sound)), (wrong) => {
      try {
        readGraph(wrong as Packable, new ModulesIn([], urlOf))
      } catch (error) {
        t.true(error instanceof SerializationError, String(error))
      }
    }),
    runs(2000),
  )
  t.pass()
})
