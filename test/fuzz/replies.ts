import test from 'ava'
import fc from 'fast-check'
import { concurrent, type Executor, Job } from '../../src/index.js'
import type { ExecutorCall, Reply } from '../../src/protocol.js'
import { Encoder } from '../../src/values/encoder.js'
import { KnownObjects } from '../../src/values/known.js'
import type { Snapshot } from '../../src/values/snapshot.js'
import { Point } from '../fixtures/serializable-classes.js'
import { anything, key, number, objectOf, runs } from '../helpers/fuzz.js'
import { watchPrototypes } from '../helpers/prototypes.js'

const changed = watchPrototypes()
test.after.always('no prototype has been reached', (t) => t.deepEqual(changed(), []))

class Called extends Job {
  field = 1

  @concurrent
  take(..._: object[]): unknown {
    return undefined
  }
}

const objects = (): object[] => [
  { a: 1 },
  objectOf([['__proto__', { x: 1 }]]),
  [1, 2, 3],
  new Map<unknown, unknown>([['a', 1]]),
  new Set([1]),
  new Uint8Array(8),
  new Date(0),
  new Point(1, 2),
  Object.freeze({ a: 1 }),
]

const OPERATIONS = 'set delete renew length map.set map.delete set.add set.delete bytes time freeze'.split(' ')
// An object of the call, by its number, or anything at all.
const held = fc.oneof(
  fc.nat(8).map((own) => ({ own })),
  anything.map((is) => ({ is })),
)
const change = fc.tuple(
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...OPERATIONS) }, anything),
  held,
  fc.oneof(
    key.map((is) => ({ is })),
    number.map((is) => ({ is })),
    held,
  ),
  held,
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(true, false, undefined) }, anything),
  held,
)
const outcome = fc.tuple(
  fc.oneof({ weight: 5, arbitrary: fc.boolean() }, anything),
  held,
  fc.oneof({ weight: 5, arbitrary: fc.array(change, { maxLength: 3 }) }, anything),
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.array(fc.tuple(held, anything, anything)), anything),
)

/** Answers every call with a reply that some worker might have made. */
function answering(replyTo: (call: ExecutorCall) => unknown, thrown: unknown[]): Executor {
  return {
    name: 'answering',
    importsModules: false,
    submit: (call) =>
      queueMicrotask(() => {
        try {
          call.reply(replyTo(call) as Reply)
        } catch (error) {
          // In a program, this would be an uncaught error of the main thread.
          thrown.push(error)
          call.fail(error)
        }
      }),
    flush() {},
    poll: () => false,
    block() {},
    checkShared: (_, done) => done(),
    async close() {},
    async [Symbol.asyncDispose]() {},
  }
}

async function endsWell(replyTo: (call: ExecutorCall) => unknown): Promise<void> {
  const thrown: unknown[] = []
  const args = objects()
  const before = args.map((object) => Object.getPrototypeOf(object) as object)
  const bystander = { untouched: true }
  const job = new Called({ executor: answering(replyTo, thrown) })
  job.take(...args)
  try {
    await job.wait()
  } catch {}
  if (thrown.length > 0) throw thrown[0]
  if (job.pending > 0) throw new Error('the call has not ended')
  if (args.some((object, i) => Object.getPrototypeOf(object) !== before[i])) throw new Error('a prototype was changed')
  if (!bystander.untouched || 'polluted' in bystander) throw new Error('what is no object of the call was changed')
}

// An outcome, as a worker would have encoded it.
function encoded(call: ExecutorCall, made: unknown): Reply {
  const known = new KnownObjects((call.units as readonly Snapshot[]).map(({ graph }) => graph))
  const nodes = call.units.flatMap((unit) => (unit as Snapshot).graph.nodes)
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve)
    if (typeof value !== 'object' || value === null) return value
    if ('own' in value) return nodes[1 + ((value.own as number) % (nodes.length - 1))]
    return 'is' in value ? value.is : value
  }
  const encoder = new Encoder({ known })
  const number = encoder.add(resolve(made) as object, 'the outcome')
  return structuredClone({ outcome: number, encoded: encoder.finish() })
}

test('whatever is said to have come of a call, it ends, and its own objects alone are changed', async (t) => {
  await fc.assert(
    fc.asyncProperty(outcome, (made) => endsWell((call) => encoded(call, made))),
    runs(3000),
  )
  t.pass()
})

test('the same of a reply in which something is wrong', async (t) => {
  const reply = fc.tuple(outcome, fc.nat())
  await fc.assert(
    fc.asyncProperty(reply, fc.infiniteStream(anything), async ([made, seed], others) => {
      await endsWell((call) => {
        const whole = encoded(call, made)
        const lists = [whole.encoded.tape, whole.encoded.kinds, whole.encoded.refs, whole.encoded.starts] as unknown[][]
        const list = lists[seed % 4]!
        list[seed % Math.max(1, list.length)] = others.next().value
        return whole
      })
    }),
    runs(3000),
  )
  t.pass()
})

test('the same of anything at all', async (t) => {
  await fc.assert(
    fc.asyncProperty(anything, anything, number, async (reply, encoded, outcome) => {
      await endsWell(() => reply)
      await endsWell(() => ({ encoded, outcome }))
    }),
    runs(500),
  )
  t.pass()
})

const refused = test.macro(async (t, change: unknown[], left: (objects: object[]) => unknown) => {
  const args = objects()
  const executor = answering((call) => encoded(call, [false, undefined, [change]]), [])
  const job = new Called({ executor })
  job.take(...args)
  await t.throwsAsync(job.wait(), { name: 'SerializationError', message: /^Cannot read an encoded value: .*Way out:/ })
  t.deepEqual(left(args), left(objects()))
})

const SET = ['a', { is: 7 }, true, 1]
test(
  'a change of an object that is none of the call’s is refused',
  refused,
  ['set', { is: { a: 1 } }, ...SET],
  ([a]) => a,
)
test('an operation that is none is refused', refused, ['constructor', { own: 0 }, ...SET], ([a]) => a)
test('so is one that the object does not have', refused, ['map.set', { own: 0 }, ...SET], ([a]) => a)
test('so are bytes beyond the end', refused, ['bytes', { own: 0 }, 2 ** 32, { is: new ArrayBuffer(1) }], ([a]) => a)
