import { createHash } from 'node:crypto'
import test from 'ava'
import { detectRaces, type Race, serial } from '../../src/testing/index.js'
import { BINARY } from '../fixtures/races/binary-corpus.js'
import { Binary } from '../fixtures/races/binary-jobs.js'
import type { Expected } from '../fixtures/races/corpus.js'
import { asExpected } from '../fixtures/races/told.js'

const racesOf = (run: (job: Binary) => unknown) => detectRaces((options) => new Binary(options), run)

for (const { title, run, races } of BINARY) {
  test(`${races.length > 0 ? 'races' : 'clean'}: ${title}`, async (t) => {
    const found = await racesOf(run)
    t.deepEqual(
      found.map(asExpected),
      races.map((race): Expected => ({ count: 1, ...race })),
    )
  })
}

type Range = readonly [from: number, to: number] | null
type Use = readonly [method: string, args: readonly unknown[], reads: Range, writes?: Range]

const ALL = [0, 16] as const
const key = Buffer.from(Uint8Array.of(7, 8).buffer)

// The bytes that a method reads and writes of a Buffer of sixteen that holds 1, 2, … 16.
const OF_BUFFER: readonly Use[] = [
  ['write', ['ab'], null, [0, 2]],
  ['write', ['ab', 3], null, [3, 5]],
  ['write', ['ab', 'latin1'], null, [0, 2]],
  ['write', ['abcd', 3, 2, 'utf8'], null, [3, 5]],
  ['write', ['abcd', 14], null, [14, 16]],
  ['write', ['é', 3], null, [3, 5]],
  ['latin1Write', ['abc', 4, 2], null, [4, 6]],
  ['writeUInt16LE', [500, 6], null, [6, 8]],
  ['readUInt32LE', [6], [6, 10]],
  ['fill', ['xy'], null, ALL],
  ['fill', ['xy', 'latin1'], null, ALL],
  ['fill', [0, 3], null, [3, 16]],
  ['fill', ['xy', 3, 7], null, [3, 7]],
  ['fill', ['xy', 3, 'latin1'], null, [3, 16]],
  ['fill', [Uint8Array.of(99), 3, 7], null, [3, 7]],
  ['indexOf', [5], [0, 5]],
  ['indexOf', [99], ALL],
  ['indexOf', [key], [0, 8]],
  ['indexOf', ['\x05\x06'], [0, 6]],
  ['indexOf', ['\x05\x06', 2], [2, 6]],
  ['indexOf', ['\x05\x06', 'latin1'], [0, 6]],
  ['indexOf', [5, -10], [6, 16]],
  ['includes', [5, 2], [2, 5]],
  ['lastIndexOf', [5], [4, 16]],
  ['lastIndexOf', [5, 9], [4, 10]],
  ['lastIndexOf', ['\x05\x06', 9], [4, 11]],
  ['lastIndexOf', [99, -3], [0, 14]],
  ['copy', [new Uint8Array(16)], ALL],
  ['copy', [new Uint8Array(16), 0, 3, 7], [3, 7]],
  ['copy', [new Uint8Array(2), 0, 3], [3, 5]],
  ['equals', [new Uint8Array(16)], ALL],
  ['equals', [new Uint8Array(8)], null],
  ['compare', [new Uint8Array(16)], ALL],
  ['compare', [new Uint8Array(16), 0, 4, 3, 7], [3, 7]],
  ['toString', [], ALL],
  ['toString', ['utf8', 3, 7], [3, 7]],
  ['toString', ['hex', -3, 70], ALL],
  ['toString', ['hex', 7, 3], null],
  ['utf8Slice', [3, 7], [3, 7]],
  ['hexSlice', [3], [3, 16]],
  ['toJSON', [], ALL],
  ['swap16', [], ALL, ALL],
  ['swap32', [], ALL, ALL],
  ['swap64', [], ALL, ALL],
  ['subarray', [3, 7], null],
  ['slice', [3, 7], null],
]

const OF_TYPED_ARRAY: readonly Use[] = [
  ['slice', [3, 7], [3, 7]],
  ['slice', [-4], [12, 16]],
  ['subarray', [3, 7], null],
  ['with', [3, 9], ALL],
  ['toSorted', [], ALL],
  ['toReversed', [], ALL],
  ['sort', [], ALL, ALL],
  ['fill', [0, 3, 7], null, [3, 7]],
  ['indexOf', [5], [0, 5]],
  ['at', [-1], [15, 16]],
  ['set', [[0, 0, 0], 4], null, [4, 7]],
  ['map', [(n: number) => n], ALL],
  ['filter', [() => true], ALL],
  ['toString', [], ALL],
  ['join', [], ALL],
]

for (const [kind, uses] of [
  ['Buffer', OF_BUFFER],
  ['Uint8Array', OF_TYPED_ARRAY],
] as const) {
  for (const [method, args, reads, writes = null] of uses) {
    if (!(method in Buffer.prototype)) continue
    test(`ranges: ${kind}.${method}(${args.map((arg) => (ArrayBuffer.isView(arg) ? `a view of ${arg.byteLength}` : String(arg))).join(', ')})`, async (t) => {
      const filled = () => Uint8Array.from({ length: 16 }, (_, i) => i + 1)
      const view = () => (kind === 'Buffer' ? Buffer.from(filled().buffer) : filled())
      let gave: unknown
      let left: unknown
      const races = await racesOf(async (job) => {
        const one = view()
        job.call(one, method, ...args)
        for (let i = 0; i < 16; i++) job.does('set', one, i, i + 101)
        await job.wait()
        const other = view()
        gave = JSON.stringify(await (job.call(other, method, ...args) as Promise<unknown>))
        left = Array.from(other)
      })
      // Of what it reads and writes, that it writes is told.
      t.is(rangeOf(races, 'write after read'), said(writes === null ? reads : null))
      t.is(rangeOf(races, 'write after write'), said(writes))
      const plain = view()
      const job = new Binary({ executor: serial() })
      const wanted = await job.call(plain, method, ...args)
      t.is(gave, JSON.stringify(wanted))
      t.deepEqual(left, Array.from(plain))
    })
  }
}

const said = (range: Range) => (range === null ? 'none' : `${range[1] - range[0]} from [${range[0]}]`)

// Each byte was written by a call of its own.
function rangeOf(races: readonly Race[], kind: Race['kind']): string {
  const found = races.filter((race) => race.kind === kind)
  return found.length === 0 ? 'none' : `${found.reduce((sum, { count }) => sum + count, 0)} from ${found[0]!.path}`
}

test('watched typed arrays and errors are taken for what they are', async (t) => {
  let seen: unknown
  await racesOf(async (job) => {
    seen = await (job.does('describe', Float64Array.of(1, 2), new Error('x')) as Promise<unknown>)
  })
  const plain = await new Binary({ executor: serial() }).does('describe', Float64Array.of(1, 2), new Error('x'))
  t.deepEqual(seen, plain)
})

for (const [title, error, runs] of [
  ['a job that fails by itself runs once', () => new Error('my own'), 1],
  ['a job that throws a TypeError of its own runs once', () => new TypeError('no buffer for you'), 1],
  ['a job of which Node.js does not take a typed array runs with others', undefined, 3],
] as const) {
  test(title, async (t) => {
    let ran = 0
    const failing = racesOf((job) => {
      ran++
      const view = new Uint8Array(4)
      job.does('set', view, 0, 1)
      // What is no text, no Buffer and no typed array.
      if (error === undefined) createHash('sha256').update({ view } as never)
      else throw error()
    })
    await t.throwsAsync(failing, error === undefined ? { code: 'ERR_INVALID_ARG_TYPE' } : { message: error().message })
    t.is(ran, runs)
  })
}

test('a typed array that its caller sends to another thread is sent', async (t) => {
  const { port1 } = new MessageChannel()
  const races = await racesOf((job) => {
    const view = new Uint8Array(4)
    job.does('set', view, 0, 1)
    port1.postMessage(view)
  })
  port1.close()
  t.is(races.length, 0)
})
