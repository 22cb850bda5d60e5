import { types } from 'node:util'
import { MessagePort } from 'node:worker_threads'
import type { Codec, Writer } from './codec.js'
import { withPrototype } from './collections.js'
import { extrasOf, hasExtras } from './extras.js'
import { malformed } from './malformed.js'
import { isMarked, isMoved, type Movable } from './move.js'
import { refuseExtras, refusePrototype, refuseToWrite } from './properties.js'

export const arrayBuffer: Codec<ArrayBuffer> = {
  write(value, out) {
    checkBuffer(value, out)
    out.memory(value.byteLength)
    out.raw(value.slice(0))
  },
  create(content, prototype) {
    const packed = content.raw()
    if (!types.isArrayBuffer(packed)) throw malformed('a buffer is none')
    return withPrototype(packed.slice(0), prototype ?? ArrayBuffer.prototype)
  },
  diff(value, content, out) {
    const packed = content.raw() as ArrayBuffer
    if (isDetached(value)) throw out.refuse(value, 'the method transferred a buffer', 'transfer a copy of it instead')
    refuseExtras(value, 0, out)
    const now = Buffer.from(value)
    const before = Buffer.from(packed)
    if (now.equals(before)) return
    for (const [from, to] of changedRanges(now, before)) {
      out.change('bytes', value, from, value.slice(from, to), true, packed.slice(from, to))
    }
  },
}

/** What the caller gives away: nothing of it is written back. */
export const moved: Codec<Movable> = {
  write(value, out) {
    if (value instanceof MessagePort)
      out.tied('a MessagePort, which cannot leave its process,', 'pass what it is to carry as arguments and results')
    if (!isMarked(value)) throw out.refuse('a MessagePort that is not given away', undefined, 'pass move(port)')
    if (types.isArrayBuffer(value)) checkBuffer(value, out)
    out.moved(value)
  },
  create(content, prototype) {
    const value = content.raw()
    const isNeededAgain = content.raw()
    if (!types.isArrayBuffer(value)) return withPrototype(value as Movable, prototype)
    return withPrototype(isNeededAgain ? value.slice(0) : value, prototype ?? ArrayBuffer.prototype)
  },
}

/** Shared memory crosses as itself: it is the one thing that both sides see change. */
export const sharedBuffer: Codec<SharedArrayBuffer> = {
  write(value, out) {
    // A view that follows the length of its buffer could not be told from one that does not.
    if ((value as { growable?: boolean }).growable)
      throw out.refuse('a growable SharedArrayBuffer', undefined, 'make one of fixed length')
    if (Reflect.ownKeys(value).length > 0) throw out.refuse('a SharedArrayBuffer with properties of its own')
    out.tied('a SharedArrayBuffer, which two processes cannot have in common,', 'pass a copy: array.slice()')
    out.raw(value)
  },
  create(content, prototype) {
    const value = content.raw()
    if (!types.isSharedArrayBuffer(value)) throw malformed('shared memory is none')
    return withPrototype(value, prototype ?? SharedArrayBuffer.prototype)
  },
  diff: (value, _, out) => refuseExtras(value, 0, out),
}

type View = ArrayBufferView & { length?: number }
type ViewConstructor = new (buffer: ArrayBufferLike, offset: number, length: number) => View

/** A typed array, a `Buffer` or a `DataView`: a window on a buffer, which crosses once for all its windows. */
export const view: Codec<View> = {
  write(value, out) {
    const name = viewName(value)
    if (name === undefined) throw out.refuse('an unknown kind of array')
    if (viewExtras(value).length > 0) throw out.refuse('a typed array with properties of its own')
    out.raw(name)
    out.raw(value.byteOffset)
    out.raw(value.length ?? value.byteLength)
    out.value(value.buffer, 'buffer')
  },
  // The buffer is made when its first view needs it: a window cannot be moved to another buffer later.
  create(content) {
    const make = VIEWS.get(content.raw() as string)
    const offset = content.raw() as number
    const length = content.raw() as number
    const buffer = content.value()
    // A number in its place would be taken for the length of a new one.
    if (make === undefined || !types.isAnyArrayBuffer(buffer)) throw malformed('a window on a buffer is none')
    return make(buffer, offset, length)
  },
  diff(value, content, out) {
    if (viewName(value) !== content.raw()) throw refusePrototype(value, out)
    const [extra] = viewExtras(value)
    if (extra !== undefined) throw refuseToWrite(value, extra, 'a property of its own', out)
  },
}

const VIEWS = new Map<string, (buffer: ArrayBufferLike, offset: number, length: number) => View>([
  ...[
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
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
  const { name } = ((Object.getPrototypeOf(value) ?? {}) as object).constructor
  return VIEWS.has(name) ? name : undefined
}

function viewExtras(value: View): PropertyKey[] {
  if (value instanceof DataView) return Reflect.ownKeys(value)
  return hasExtras(value as View & ArrayLike<unknown>) ? extrasOf(value) : []
}

function checkBuffer(value: ArrayBuffer, out: Writer): void {
  if ((value as { resizable?: boolean }).resizable)
    throw out.refuse('a resizable ArrayBuffer', undefined, 'pass buffer.slice()')
  if (isMoved(value))
    throw out.refuse('an ArrayBuffer that was moved to an earlier call', undefined, 'move a copy to one of the two')
  if (isDetached(value)) throw out.refuse('a detached ArrayBuffer')
  if (Reflect.ownKeys(value).length > 0) throw out.refuse('an ArrayBuffer with properties of its own')
}

// Before Node 22 there is no property that tells.
export function isDetached(value: ArrayBuffer): boolean {
  if (value.byteLength > 0) return false
  try {
    new Uint8Array(value)
    return false
  } catch {
    return true
  }
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
