import { isDeepStrictEqual } from 'node:util'
import type { Codec } from './codec.js'

export const arrayBuffer: Codec<ArrayBuffer> = {
  write(value, out) {
    if ((value as { resizable?: boolean }).resizable) throw out.refuse('a resizable ArrayBuffer', undefined, 'pass buffer.slice()')
    if ((value as { detached?: boolean }).detached) throw out.refuse('a detached ArrayBuffer')
    if (Reflect.ownKeys(value).length > 0) throw out.refuse('an ArrayBuffer with properties of its own')
    out.raw(value.slice(0))
  },
  create: (content) => (content.raw() as ArrayBuffer).slice(0),
  diff(value, content, out) {
    const packed = content.raw() as ArrayBuffer
    const now = Buffer.from(value)
    const before = Buffer.from(packed)
    if (now.length !== before.length) throw out.refuse(value, 'the method transferred a buffer', 'return a copy of it instead')
    if (now.equals(before)) return
    for (const [from, to] of changedRanges(now, before)) {
      out.change('bytes', value, from, value.slice(from, to), true, packed.slice(from, to))
    }
  },
}

/** Shared memory crosses as itself: it is the one thing that both sides see change. */
export const sharedBuffer: Codec<SharedArrayBuffer> = {
  write: (value, out) => out.raw(value),
  create: (content) => content.raw() as SharedArrayBuffer,
}

type View = ArrayBufferView & { length?: number }
type ViewConstructor = new (buffer: ArrayBufferLike, offset: number, length: number) => View

/** A typed array, a `Buffer` or a `DataView`: a window on a buffer, which crosses once for all its windows. */
export const view: Codec<View> = {
  write(value, out) {
    const name = viewName(value)
    if (name === undefined) throw out.refuse('an unknown kind of array')
    if (hasExtras(value)) throw out.refuse('a typed array with properties of its own')
    out.raw(name)
    out.raw(value.byteOffset)
    out.raw(value.length ?? value.byteLength)
    out.value(value.buffer, 'buffer')
  },
  // The buffer is made when its first view needs it: a window cannot be moved to another buffer later.
  create(content) {
    const make = VIEWS.get(content.raw() as string)!
    const offset = content.raw() as number
    const length = content.raw() as number
    return make(content.value() as ArrayBufferLike, offset, length)
  },
}

const VIEWS = new Map<string, (buffer: ArrayBufferLike, offset: number, length: number) => View>([
  ...[
    Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
    Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView,
  ].map((View): [string, (...of: [ArrayBufferLike, number, number]) => View] => [
    View.name,
    (...of) => new (View as ViewConstructor)(...of),
  ]),
  ['Buffer', (buffer, offset, length) => Buffer.from(buffer as ArrayBuffer, offset, length)],
])

/** Every prototype that a view can have. */
export const VIEW_PROTOTYPES: readonly object[] = [...VIEWS.keys()].map(
  (name) => (globalThis as unknown as Record<string, { prototype: object }>)[name]!.prototype,
)

function viewName(value: View): string | undefined {
  const { name } = (Object.getPrototypeOf(value) as object).constructor
  return VIEWS.has(name) ? name : undefined
}

// Listing the keys of a typed array makes a string of every index. Comparing it with a second window on the same bytes
// compares their other properties as well, and the bytes at the speed of memory.
function hasExtras(value: View): boolean {
  if (value instanceof DataView) return Reflect.ownKeys(value).length > 0
  const make = VIEWS.get(viewName(value)!)!
  return !isDeepStrictEqual(value, make(value.buffer, value.byteOffset, value.length!))
}

// Ranges of bytes that differ; equal stretches shorter than a few words are not worth a range of their own.
function* changedRanges(now: Buffer, before: Buffer): Generator<[from: number, to: number]> {
  const GAP = 8
  let from = -1
  let last = -1
  for (let i = 0; i < now.length; i++) {
    if (now[i] === before[i]) continue
    if (from >= 0 && i - last > GAP) {
      yield [from, last + 1]
      from = -1
    }
    if (from < 0) from = i
    last = i
  }
  if (from >= 0) yield [from, last + 1]
}
