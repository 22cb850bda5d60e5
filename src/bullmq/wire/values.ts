import { types } from 'node:util'
import { SerializationError } from '../../errors.js'
import type { Values } from '../../protocol.js'
import { PACK_FROM } from '../../values/arrays.js'
import { define } from '../../values/properties.js'
import type { Packable } from './pack.js'
import { bytesOf, countOf, listOf, textOf } from './shape.js'
import { unreadable } from './unreadable.js'

/** What becomes of the objects in a list of values: a tape and a list of results have different ones. */
export interface ObjectWriter {
  write(value: object): OddValue
}
export interface ObjectReader {
  read(tag: number, content: Packable): unknown
}

/** A value that MessagePack does not hold as it is: what it is, and its content. */
export type OddValue = readonly [tag: number, content: Packable]

// The three ways to write a list.
const ITEMS = 0
const NUMBERS = 1
const NOTHING = 2

// Of `undefined` alone, which methods that return nothing give. More is written out: what says that it is long must be so.
const MOST_OF_NOTHING = 2 ** 16

const UNDEFINED = 0
const MINUS_ZERO = 1
const BIGINT = 2
const RAGGED_TEXT = 3
// Tags of objects begin here.
const BUFFER = 4
const FLOATS = 5
const RECORD = 6
const ARRAY = 7
/** The first tag that a list does not know itself. */
export const OWN_TAGS = 8

/** Writes a list of primitives, and of those objects that `objects` knows. */
export function writeValues(values: Values, objects: ObjectWriter): Packable {
  if (types.isFloat64Array(values)) return [NUMBERS, writeFloats(values)]
  if (isNothing(values)) return [NOTHING, values.length]
  const items = values.slice() as Packable[]
  const odd: Packable[] = []
  for (let i = 0; i < values.length; i++) {
    const found = oddOf(values[i], objects)
    if (found === undefined) continue
    items[i] = null
    odd.push(i, ...found)
  }
  return [ITEMS, items, odd]
}

/**
 * Reads what `writeValues` wrote.
 * @throws {SerializationError} for anything else
 */
export function readValues(packed: Packable | undefined, objects: ObjectReader): Values {
  const [form, content, odd] = listOf(packed, 'a list of values')
  if (form === NUMBERS) return readFloats(content)
  if (form === NOTHING)
    return new Array<undefined>(countOf(content, 'a list of nothing', MOST_OF_NOTHING)).fill(undefined)
  if (form !== ITEMS) throw unreadable('a list of values is written in no known way')
  const items = listOf(content, 'a list of values').slice() as unknown[]
  for (const item of items)
    if (typeof item === 'object' && item !== null) throw unreadable('a value is an object of no kind')
  const places = listOf(odd, 'the odd values of a list')
  if (places.length % 3 !== 0) throw unreadable('the odd values of a list are incomplete')
  for (let i = 0; i < places.length; i += 3) {
    const at = countOf(places[i], 'the place of an odd value', items.length - 1)
    items[at] = readOdd(countOf(places[i + 1], 'the tag of an odd value'), places[i + 2]!, objects)
  }
  return items
}

/** Objects where none may be. */
export const NO_OBJECTS: ObjectWriter & ObjectReader = {
  write: (value) => {
    throw uncrossable(value)
  },
  read: () => {
    throw unreadable('an object stands where none may be')
  },
}

/** Results that need no description: plain objects and short arrays of primitives. */
export const SIMPLE_OBJECTS: ObjectWriter & ObjectReader = {
  write(value) {
    if (Array.isArray(value)) return [ARRAY, writeValues(value, NO_OBJECTS)]
    if (Object.getPrototypeOf(value) !== Object.prototype) throw uncrossable(value)
    return [RECORD, [writeValues(Object.keys(value), NO_OBJECTS), writeValues(Object.values(value), NO_OBJECTS)]]
  },
  read(tag, content) {
    if (tag === ARRAY) return arrayOf(readValues(content, NO_OBJECTS))
    if (tag !== RECORD) throw unreadable('a result is an object of no kind')
    const [keys, values] = listOf(content, 'a plain object', 2).map((part) => readValues(part, NO_OBJECTS))
    if (keys!.length !== values!.length) throw unreadable('a plain object has not a value for every key')
    const object = {}
    keys!.forEach((key: unknown, i: number) => define(object, textOf(key as Packable, 'a key'), values![i]))
    return object
  },
}

/** What stands on a tape besides primitives and graphs: memory. */
export function writeMemory(value: object): OddValue {
  if (types.isArrayBuffer(value)) return [BUFFER, new Uint8Array(value)]
  if (types.isFloat64Array(value)) return [FLOATS, writeFloats(value)]
  throw uncrossable(value)
}

/** @throws {SerializationError} if it is no memory */
export function readMemory(tag: number, content: Packable): ArrayBuffer | Float64Array {
  if (tag === BUFFER) return copyOf(bytesOf(content, 'a buffer'))
  if (tag === FLOATS) return readFloats(content)
  throw unreadable('an object on a tape is of no kind')
}

function isNothing(values: readonly unknown[]): boolean {
  return values.length > 0 && values.length <= MOST_OF_NOTHING && values.every((value) => value === undefined)
}

function oddOf(value: unknown, objects: ObjectWriter): OddValue | undefined {
  switch (typeof value) {
    case 'number':
      return value === 0 && Object.is(value, -0) ? [MINUS_ZERO, null] : undefined
    case 'string':
      return isWellFormed(value) ? undefined : [RAGGED_TEXT, Buffer.from(value, 'utf16le')]
    case 'boolean':
      return undefined
    case 'undefined':
      return [UNDEFINED, null]
    case 'bigint':
      return [BIGINT, value.toString(16)]
    case 'object':
      return value === null ? undefined : objects.write(value)
    default:
      throw uncrossable(value)
  }
}

function readOdd(tag: number, content: Packable, objects: ObjectReader): unknown {
  switch (tag) {
    case UNDEFINED:
      return undefined
    case MINUS_ZERO:
      return -0
    case BIGINT:
      return readBigInt(textOf(content, 'a bigint'))
    case RAGGED_TEXT:
      return Buffer.from(bytesOf(content, 'a text')).toString('utf16le')
    default:
      return objects.read(tag, content)
  }
}

// In base 16 the time that it takes grows with its length alone.
function readBigInt(text: string): bigint {
  if (!/^-?[0-9a-f]+$/.test(text)) throw unreadable('a bigint is none')
  return text.startsWith('-') ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`)
}

function writeFloats(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

function readFloats(content: Packable | undefined): Float64Array {
  const bytes = bytesOf(content, 'a list of numbers')
  if (bytes.length % Float64Array.BYTES_PER_ELEMENT !== 0) throw unreadable('a list of numbers ends within one')
  return new Float64Array(copyOf(bytes))
}

// A short array alone is written as one: a longer one of numbers may have been packed on the way.
function arrayOf(values: Values): unknown[] {
  if (values.length >= PACK_FROM) throw unreadable('a short array is long')
  return [...values]
}

// TypeScript's list of what the language has does not know it yet, Node.js 20 does.
const { isWellFormed: wellFormed } = String.prototype as unknown as { isWellFormed(this: string): boolean }
const isWellFormed = (text: string) => wellFormed.call(text)

function uncrossable(value: unknown): SerializationError {
  const what = typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'an object') : typeof value
  return new SerializationError(
    `Cannot send ${what} to another machine: it lives in the memory of one process. Way out: pass a copy as plain data.`,
  )
}

// `slice` of a Buffer would be a window on the same memory, and that of other messages.
function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
