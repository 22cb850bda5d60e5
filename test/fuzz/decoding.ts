import test from 'ava'
import fc from 'fast-check'
import { SerializationError } from '../../src/index.js'
import type { Encoded } from '../../src/protocol.js'
import { serializableOf } from '../../src/values/classes.js'
import { Encoder } from '../../src/values/encoder.js'
import { decodeAlone } from '../../src/values/graph.js'
import { kinds } from '../fixtures/kinds-of-values.js'
import { Money, Point } from '../fixtures/serializable-classes.js'
import { anything, mutated, number, runs } from '../helpers/fuzz.js'
import { watchPrototypes } from '../helpers/prototypes.js'

const changed = watchPrototypes()

const CLASSES = [Point, Money].map(({ prototype }) => serializableOf(prototype)!.ref)
const NOBODY = { module: 'file:///nowhere.js', position: 0, name: 'Nobody' }

// A graph in which everything stands where it should, and only what is said of it is made up.
const node = fc.record({
  kind: fc.oneof({ weight: 9, arbitrary: fc.nat(18) }, fc.nat(255)),
  content: fc.array(
    fc.oneof(
      anything.map((is) => ({ is })),
      fc.nat(6).map((object) => ({ object })),
    ),
    { maxLength: 6 },
  ),
})
const likely: fc.Arbitrary<Encoded> = fc.array(node, { minLength: 1, maxLength: 6 }).map((nodes) => {
  const encoded = { kinds: [] as number[], starts: [] as number[], tape: [] as unknown[], refs: [] as number[] }
  for (const { kind, content } of nodes) {
    encoded.kinds.push(kind)
    encoded.starts.push(encoded.tape.length)
    for (const part of content) {
      if ('object' in part) encoded.refs.push(encoded.tape.length)
      encoded.tape.push('object' in part ? part.object % nodes.length : part.is)
    }
  }
  return { ...encoded, classes: [...CLASSES, NOBODY] }
})

const unlikely = fc.record({
  kinds: fc.array(number),
  starts: fc.array(number),
  tape: fc.array(anything),
  refs: fc.array(number),
  classes: fc.array(fc.oneof(anything, fc.constantFrom(...CLASSES, NOBODY))),
})

// What really crosses, with something in it wrong.
const broken = mutated(
  fc.constantFrom(...Object.values(kinds)).map((make) => {
    const encoder = new Encoder()
    encoder.add([make()], 'a value')
    return encoder.finish()
  }),
)

const decode = (encoded: unknown) => {
  try {
    decodeAlone(structuredClone(encoded) as Encoded)
  } catch (error) {
    if (!(error instanceof Error)) throw new Error(`threw ${String(error)}`)
  }
}

const handles = test.macro((t, what: fc.Arbitrary<unknown>, usual: number) => {
  fc.assert(fc.property(what, decode), runs(usual))
  t.deepEqual(changed(), [])
})

test('anything at all is decoded or refused, and reaches no prototype', handles, anything, 500)
test('so is what has the shape of a graph', handles, unlikely, 1000)
test('so is a graph of objects that say nonsense of themselves', handles, likely, 3000)
test('so is what an encoder wrote, and somebody changed', handles, broken, 3000)

const HUGE = 2 ** 32 - 1

const refuses = test.macro({
  exec(t, encoded: Partial<Encoded>, says: RegExp) {
    const whole = { kinds: [2], starts: [0], tape: [], refs: [], classes: [], ...encoded }
    const error = t.throws(() => decodeAlone(structuredClone(whole)), { instanceOf: SerializationError })
    t.regex(error!.message, says)
    t.regex(error!.message, /^Cannot read an encoded value: .* Way out: /)
  },
  title: (title = '') => `${title} is refused before anything is made of it`,
})

test('an array of four billion elements that are not there', refuses, { tape: [HUGE] }, /more than there is/)
test('a Map of as many entries', refuses, { kinds: [5], tape: [HUGE, 1, 2] }, /more than there is/)
test('a Set of endless members', refuses, { kinds: [6], tape: [Infinity] }, /more than there is/)
test('an object of as many properties', refuses, { kinds: [0], tape: [HUGE] }, /more than there is/)
test('an error of as many properties', refuses, { kinds: [13], tape: ['stack', HUGE] }, /more than there is/)
test('a list of numbers that is none', refuses, { kinds: [3], tape: [{ length: HUGE }] }, /a list of numbers is none/)
test(
  'a window on a number, which would be taken for a length',
  refuses,
  { kinds: [9], tape: ['Uint8Array', 0, 1, HUGE] },
  /a window on a buffer is none/,
)
test('a truncated object', refuses, { tape: [1] }, /more than there is/)
test('an object with more content than it says', refuses, { tape: [1, 2, 3] }, /ends before its content/)
test('an object of no kind', refuses, { kinds: [31], tape: [] }, /of no kind/)
test('an object that begins beyond the tape', refuses, { starts: [HUGE] }, /begins nowhere/)
test('a reference to no object', refuses, { tape: [1, 7], refs: [1] }, /a reference leads nowhere/)
test('a reference by a name', refuses, { tape: [1, '__proto__'], refs: [1] }, /a reference leads nowhere/)
test('an object of no class', refuses, { kinds: [32], tape: [5, 0] }, /of no class/)
test('an error of no class', refuses, { kinds: [13], tape: ['', 0, 'Nothing', false] }, /of no class/)
