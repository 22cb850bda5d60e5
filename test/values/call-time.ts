import test from 'ava'
import { inline, processes, SerializationError, threads } from '../../src/index.js'
import { kinds } from '../fixtures/kinds-of-values.js'
import { Mutator } from '../fixtures/mutations.js'
import type { Money, Point } from '../fixtures/serializable-classes.js'
import { Values } from '../fixtures/values.js'
import { alsoProcesses } from '../helpers/also-processes.js'

const executors = [inline(), threads({ workers: 1 }), ...(alsoProcesses ? [processes({ workers: 1 })] : [])]

test.after.always(() => Promise.all(executors.map((executor) => executor.close())))

// A value of each kind that can change, and what the caller does to it between two calls.
const changes: readonly (readonly [kind: string, change: (value: never) => unknown])[] = [
  ['an object whose keys are not sorted', (o: Record<string, unknown>) => (o.z = 2)],
  ['an object whose keys are not sorted', (o: { m: { y: number } }) => (o.m.y = 0)],
  ['an object without prototype', (o: Record<string, unknown>) => delete o.b],
  ['nested arrays', (a: unknown[]) => (a[1] as unknown[]).push(1)],
  ['an array of holes', (a: unknown[]) => (a[1] = undefined)],
  ['an array of undefined', (a: unknown[]) => delete a[1]],
  ['a long array of numbers', (a: number[]) => (a[999] = -0)],
  ['a long array of numbers', (a: number[]) => a.pop()],
  ['a long array of numbers', (a: number[]) => Object.assign(a, { unit: 'm' })],
  ['a long array with -0 and NaN', (a: number[]) => (a[0] = -0)],
  ['a long array with one string', (a: unknown[]) => (a[40] = 40)],
  ['a Map of primitives', (m: Map<unknown, unknown>) => m.set('b', 2)],
  ['a Map of primitives', (m: Map<unknown, unknown>) => m.delete('b') && m.set('b', 1)],
  ['an empty Map', (m: Map<unknown, unknown>) => m.set(1, 1)],
  ['a Map with objects as keys', (m: Map<{ x: number }, unknown>) => ([...m.keys()][0]!.x = 2)],
  ['a Set', (s: Set<unknown>) => s.delete('b')],
  ['an empty Set', (s: Set<unknown>) => s.add(1)],
  ['a Date', (d: Date) => d.setTime(0)],
  ['an invalid Date', (d: Date) => d.setTime(0)],
  ['a RegExp that has been used', (r: RegExp) => (r.lastIndex = 0)],
  ['an ArrayBuffer', (b: ArrayBuffer) => new Uint8Array(b).fill(9)],
  ['a Float64Array', (a: Float64Array) => (a[1] = 0)],
  ['a window on a larger buffer', (a: Uint8Array) => (new Uint8Array(a.buffer)[7] = 1)],
  ['a Buffer of its own memory', (b: Buffer) => b.fill(0)],
  ['an Error', (e: Error) => (e.message = 'other')],
  ['an AggregateError', (e: AggregateError) => e.errors.pop()],
  ['an instance', (p: Point) => (p.x = 9)],
  ['an instance with private fields', (m: Money) => m.add(1)],
  ['a URL', (u: URL) => (u.hash = '#other')],
  ['URLSearchParams', (u: URLSearchParams) => u.append('c', '3')],
  ['an object that holds itself', (o: { name: string }) => (o.name = 'other')],
  ['the same object twice', (o: { a: { x: number } }) => (o.a.x = 2)],
  ['a sealed object', (o: { a: number }) => (o.a = 2)],
  ['an empty object', (o: object) => Object.freeze(o)],
  ['an empty array', (a: unknown[]) => Object.preventExtensions(a)],
]

for (const executor of executors) {
  const { name } = executor

  for (const [kind, change] of changes) {
    test(`${name}: ${kind} that changes after the call does not change in it (${change})`, async (t) => {
      const job = new Values({ executor })
      const value = kinds[kind]!()
      job.field = kinds[kind]!()
      const early = [job.judge(kind, value), job.judge(kind, value), job.judgeField(kind), job.judge(kind, job.field)]
      change(value as never)
      change(job.field as never)
      const late = [job.judge(kind, value), job.judgeField(kind), job.judge(kind, job.field)]
      await job.wait()
      t.deepEqual(await Promise.all(early), [undefined, undefined, undefined, undefined])
      for (const found of await Promise.all(late)) t.is(typeof found, 'string', 'a later call sees the change')
    })
  }

  test(`${name}: each of many calls sees the object as it was when it was made`, async (t) => {
    const job = new Mutator({ executor })
    const state = { step: 0, log: [] as number[], seen: new Map<number, Date>() }
    const reads: string[] = []
    const expected: string[] = []
    for (let i = 0; i < 200; i++) {
      state.step = i
      state.log.push(i)
      if (i % 7 === 0) state.log.length = 0
      reads.push(job.read(state))
      expected.push(JSON.stringify(state))
    }
    await job.wait()
    t.deepEqual(await Promise.all(reads), expected)
  })

  test(`${name}: a field that changes after the call does not change in it`, async (t) => {
    const job = new Values({ executor })
    job.field = { x: 1 }
    const before = job.judgeField('an empty object')
    job.field = {}
    const after = job.judgeField('an empty object')
    await job.wait()
    t.is(typeof (await before), 'string')
    t.is(await after, undefined)
  })

  test(`${name}: what a refused change of the caller’s makes of a known object is refused`, async (t) => {
    const job = new Mutator({ executor })
    const value: Record<PropertyKey, unknown> = { inner: { a: 1 } }
    t.is(await job.read(value), '{"inner":{"a":1}}')
    ;(value.inner as Record<PropertyKey, unknown>)[Symbol('late')] = 1
    t.throws(() => job.read(value), { instanceOf: SerializationError, message: /at \.inner\[Symbol\(late\)\]/ })
    value.inner = Object.defineProperty({ a: 1 }, 'hidden', { value: 1 })
    t.throws(() => job.read(value), { instanceOf: SerializationError, message: /at \.inner\.hidden/ })
  })

  test(`${name}: calls that change one object one after the other see each other’s changes`, async (t) => {
    const job = new Mutator({ executor })
    const list: unknown[] = []
    const reads: string[] = []
    for (let i = 0; i < 20; i++) {
      job.rerunChange('push on an empty array', list)
      reads.push(job.rerunRead(list))
    }
    await job.wait()
    t.deepEqual(list, Array(20).fill(1))
    t.deepEqual(
      await Promise.all(reads),
      Array.from({ length: 20 }, (_, i) => JSON.stringify(Array(i + 1).fill(1))),
    )
  })
}
