import { types } from 'node:util'
import { MessagePort } from 'node:worker_threads'
import type { ClassRef } from '../protocol.js'
import { arrayCodec, dense, numbers, sparse } from './arrays.js'
import { boxed, date, regexp } from './atoms.js'
import { arrayBuffer, moved, sharedBuffer, VIEW_PROTOTYPES, view } from './bytes.js'
import { serializableOf } from './classes.js'
import type { Codec } from './codec.js'
import { map, set } from './collections.js'
import { domException } from './dom-exception.js'
import { ERROR_PROTOTYPES, failure, isOfNode } from './failure.js'
import { encodedInstance } from './instance.js'
import { isMarked } from './move.js'
import { plain, withoutPrototype } from './properties.js'
import { reference } from './reference.js'
import { stub } from './stub.js'

/** Every codec; its place here is the number of its kind. */
const CODECS: readonly Codec[] = [
  ...[plain, withoutPrototype, dense, numbers, sparse, map, set, arrayBuffer, sharedBuffer, view],
  ...[date, regexp, boxed, failure, encodedInstance, stub, domException, moved],
  reference,
]
const NUMBERS = new Map(CODECS.map((codec, number) => [codec, number]))

// A kind is the codec's number, whether the content begins with a class, and how far the object is locked.
const CODEC = 0b11111
const CLASSED = 1 << 5
const LOCK = 6

/** What an object is: its kind, and the class that it keeps, if that is not a class of the language. `undefined`: cannot cross. */
export interface Kind {
  readonly codec: Codec
  readonly class: ClassRef | undefined
  readonly number: number
}

/** The kind of a tracked target among the fields of a job. */
export const STUB: Kind = { codec: stub, class: undefined, number: NUMBERS.get(stub)! }

/** The kind of what a shared value holds. */
export const REFERENCE = NUMBERS.get(reference)!

/** Finds the kind of an object; `job` is the class under which the job of the call is known. */
export function kindOf(value: object, job: ClassRef | undefined): Kind | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null
  let codec: Codec | undefined
  let ref = job
  if (ref !== undefined) codec = plain
  // A Proxy may say one thing here and another there: what stands behind it is its own.
  else if (types.isProxy(value)) return undefined
  else if (prototype === null) {
    if (shapeOf(value) !== plain) return undefined
    codec = withoutPrototype
  } else {
    codec = builtIn(value, prototype)
    if (codec === undefined) {
      const registered = serializableOf(prototype)
      if (registered === undefined) return undefined
      codec = registered.options.encode === undefined ? shapeOf(value) : encodedInstance
      ref = registered.ref
    }
  }
  return {
    codec,
    class: ref,
    number: NUMBERS.get(codec)! | (ref === undefined ? 0 : CLASSED) | (lockOf(value) << LOCK),
  }
}

/** Whether a number says of an object what it is. */
export function isKind(kind: unknown): kind is number {
  return (
    Number.isInteger(kind) &&
    (kind as number) >= 0 &&
    (kind as number) >> LOCK < LOCKS.length &&
    codecOf(kind as number) !== undefined
  )
}

export function codecOf(kind: number): Codec {
  return CODECS[kind & CODEC]!
}

export function isClassed(kind: number): boolean {
  return (kind & CLASSED) !== 0
}

/** Locks a new object as the original was. */
export function lock(value: object, kind: number): void {
  LOCKS[kind >> LOCK]!(value)
}

/** Whether an object has the prototype of its kind, or of its class if it has one. */
export function isOfPrototype(kind: number, value: object, prototype: object | undefined): boolean {
  const expected = prototype ?? PROTOTYPES.get(codecOf(kind))
  return expected === undefined || Object.getPrototypeOf(value) === expected
}

export function wasLocked(kind: number): Lock {
  return (kind >> LOCK) as Lock
}

/** Whether freezing an object of this kind keeps all of it from changing. */
export function isFreezable(kind: number): boolean {
  return FREEZABLE.has(codecOf(kind))
}

const FREEZABLE = new Set<Codec>([
  plain,
  withoutPrototype,
  dense,
  numbers,
  sparse,
  regexp,
  boxed,
  failure,
  view,
  stub,
  domException,
  reference,
])

/** Whether an object of this kind can be shown to a method through something that notes what is read. */
export function canBeShown(kind: number): boolean {
  return wasLocked(kind) === 0 && !(isClassed(kind) && (codecOf(kind) === map || codecOf(kind) === set))
}

/** Whether an object of this kind changed hands with the call: the caller no longer has it. */
export function isMovedKind(kind: number): boolean {
  return codecOf(kind) === moved
}

/** Whether an object's own methods reach what no proxy has: `#private` fields, or what the engine hides. */
export function hasHiddenState(kind: number): boolean {
  return codecOf(kind) === encodedInstance || codecOf(kind) === domException
}

export type Lock = 0 | 1 | 2 | 3

/** 0: open, 1: not extensible, 2: sealed, 3: frozen. */
export function lockOf(value: object): Lock {
  if (Object.isExtensible(value)) return 0
  return Object.isFrozen(value) ? 3 : Object.isSealed(value) ? 2 : 1
}

export const LOCKS: readonly ((value: object) => unknown)[] = [
  (value) => value,
  Object.preventExtensions,
  Object.seal,
  Object.freeze,
]

const BUILT_IN = new Map<object, Codec>([
  [Object.prototype, plain],
  [Map.prototype, map],
  [Set.prototype, set],
  [ArrayBuffer.prototype, arrayBuffer],
  [SharedArrayBuffer.prototype, sharedBuffer],
  [MessagePort.prototype, moved],
  [Date.prototype, date],
  [RegExp.prototype, regexp],
  ...[Number, String, Boolean, BigInt].map(({ prototype }): [object, Codec] => [prototype, boxed]),
  ...VIEW_PROTOTYPES.map((prototype): [object, Codec] => [prototype, view]),
  ...[...ERROR_PROTOTYPES.values()].map((prototype): [object, Codec] => [prototype, failure]),
  [DOMException.prototype, domException],
])

// Views and errors are told apart by what is on the tape.
const PROTOTYPES = new Map<Codec, object | null>([
  ...[...BUILT_IN]
    .filter(([, codec]) => codec !== view && codec !== failure && codec !== boxed)
    .map(([prototype, codec]): [Codec, object] => [codec, prototype]),
  ...[dense, numbers, sparse].map((codec): [Codec, object] => [codec, Array.prototype]),
  [withoutPrototype, null],
])

// In a `vm` context, such as a test of Jest's, the buffers behind typed arrays and Buffers may be of another `ArrayBuffer` than
// the one that has this name there.
for (const { buffer } of [new Float64Array(0), new Uint8Array(0), Buffer.alloc(0)])
  BUILT_IN.set(Object.getPrototypeOf(buffer) as object, arrayBuffer)

function builtIn(value: object, prototype: object): Codec | undefined {
  if (prototype === Array.prototype) return Array.isArray(value) ? arrayCodec(value) : undefined
  const codec = BUILT_IN.get(prototype)
  if (codec === undefined) return types.isNativeError(value) && isOfNode(value) ? failure : undefined
  if (codec === plain || codec === moved) return codec
  if (codec === domException) return isDOMException(value) ? codec : undefined
  // `Object.create(Map.prototype)` has the prototype, and nothing behind it.
  const shape = shapeOf(value)
  return shape === codec || (shape === moved && codec === arrayBuffer) ? shape : undefined
}

// `Object.create(DOMException.prototype)` has no message to read.
function isDOMException(value: object): boolean {
  try {
    return typeof (value as DOMException).message === 'string'
  } catch {
    return false
  }
}

// What an object is by its inner slots, whatever its class.
function shapeOf(value: object): Codec {
  if (Array.isArray(value)) return arrayCodec(value)
  if (types.isMap(value)) return map
  if (types.isSet(value)) return set
  if (types.isDate(value)) return date
  if (types.isRegExp(value)) return regexp
  if (types.isNativeError(value)) return failure
  if (ArrayBuffer.isView(value)) return view
  if (types.isArrayBuffer(value)) return isMarked(value) ? moved : arrayBuffer
  if (types.isSharedArrayBuffer(value)) return sharedBuffer
  return types.isBoxedPrimitive(value) ? boxed : plain
}
