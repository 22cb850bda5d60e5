import { type Data, isData } from './data.js'
import { indexFrom } from './index-from.js'

/** Bytes that a method has touched, counted from where the data begins. */
export interface Touch {
  read(data: Data, from: number, to: number): void
  write(data: Data, from: number, to: number): void
}

/** What a method has touched, by what it was given and what it gave. */
type RangesOf = (view: Uint8Array, args: readonly unknown[], result: unknown, touch: Touch) => void

const TypedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array
const { prototype: OfBuffer } = Buffer
const { indexOf } = OfBuffer
const byteLengthOf = Buffer.byteLength

/** Of methods that do not read all, and nothing else: of natives, as they are when nobody watches. */
export const RANGES: ReadonlyMap<Function, RangesOf> = new Map<Function, RangesOf>([
  [
    TypedArray.slice,
    (view, [start, end], _, touch) => {
      const size = view.BYTES_PER_ELEMENT
      touch.read(view, indexFrom(start, view.length) * size, indexFrom(end, view.length, view.length) * size)
    },
  ],
  [TypedArray.subarray, () => {}],
  [
    TypedArray.set,
    (view, [source, offset], _, touch) => {
      if (isData(source)) touch.read(source, 0, source.byteLength)
      const from = Math.trunc(Number(offset ?? 0)) || 0
      const { length } = Object(source) as ArrayLike<unknown>
      touch.write(view, from * view.BYTES_PER_ELEMENT, (from + length) * view.BYTES_PER_ELEMENT)
    },
  ],
  [
    TypedArray.sort,
    (view, _, __, touch) => {
      touch.read(view, 0, view.byteLength)
      touch.write(view, 0, view.byteLength)
    },
  ],
  [OfBuffer.subarray, () => {}],
  [OfBuffer.slice, () => {}],
  ...[OfBuffer.swap16, OfBuffer.swap32, OfBuffer.swap64].map((swap): [Function, RangesOf] => [
    swap,
    (view, _, __, touch) => {
      touch.read(view, 0, view.length)
      touch.write(view, 0, view.length)
    },
  ]),
  [OfBuffer.write, (view, [, at], written, touch) => wrote(view, at, written, touch)],
  [
    OfBuffer.fill,
    (view, [value, start, end], _, touch) => {
      const [from, to] = [numberOr(start, 0), numberOr(typeof start === 'number' ? end : undefined, view.length)]
      if (isData(value)) touch.read(value, 0, Math.min(value.byteLength, to - from))
      touch.write(view, from, to)
    },
  ],
  [
    OfBuffer.indexOf,
    (view, [value, at, encoding], found, touch) => searched(view, value, at, encoding, found as number, touch),
  ],
  [
    OfBuffer.includes,
    (view, [value, at, encoding], _, touch) =>
      searched(view, value, at, encoding, indexOf.call(view as Buffer, value as string, at as number), touch),
  ],
  [
    OfBuffer.lastIndexOf,
    (view, [value, at, encoding], found, touch) => {
      const start = positionOf(at, view.length, view.length)
      const end = Math.min(view.length, start + sizeOf(value, at, encoding))
      touch.read(view, Math.max(0, found as number), end)
      if (isData(value)) touch.read(value, 0, value.byteLength)
    },
  ],
  [
    OfBuffer.copy,
    (view, [target, at, start], copied, touch) => {
      const [from, to] = [Math.trunc(Number(start ?? 0)) || 0, Math.trunc(Number(at ?? 0)) || 0]
      touch.read(view, from, from + (copied as number))
      touch.write(target as Data, to, to + (copied as number))
    },
  ],
  [
    OfBuffer.equals,
    (view, [other], _, touch) => {
      // Of another length it is another.
      if ((other as Uint8Array).byteLength !== view.length) return
      touch.read(view, 0, view.length)
      touch.read(other as Uint8Array, 0, view.length)
    },
  ],
  [
    OfBuffer.compare,
    (view, [target, targetStart, targetEnd, start, end], _, touch) => {
      const other = target as Uint8Array
      touch.read(view, numberOr(start, 0), Math.min(view.length, numberOr(end, view.length)))
      touch.read(other, numberOr(targetStart, 0), Math.min(other.byteLength, numberOr(targetEnd, other.byteLength)))
    },
  ],
  ...[OfBuffer.toString, OfBuffer.toLocaleString].map((toText): [Function, RangesOf] => [
    toText,
    (view, [, start, end], _, touch) => readPart(view, start, end, touch),
  ]),
  ...[...ofEncodings('Slice')].map((slice): [Function, RangesOf] => [
    slice,
    (view, [start, end], _, touch) => readPart(view, start, end, touch),
  ]),
  ...[...ofEncodings('Write')].map((write): [Function, RangesOf] => [
    write,
    (view, [, at], written, touch) => wrote(view, at, written, touch),
  ]),
])

// `utf8Slice()` and its like.
function ofEncodings(what: 'Slice' | 'Write'): Set<Function> {
  const names = Object.getOwnPropertyNames(OfBuffer).filter((name) => name.endsWith(what))
  return new Set(names.map((name) => (OfBuffer as never as Record<string, Function>)[name]!))
}

function wrote(view: Uint8Array, at: unknown, written: unknown, touch: Touch): void {
  const from = numberOr(at, 0)
  touch.write(view, from, from + (written as number))
}

function readPart(view: Uint8Array, start: unknown, end: unknown, touch: Touch): void {
  const to = end === undefined ? view.length : Math.min(view.length, Math.trunc(Number(end)) || 0)
  touch.read(view, Math.max(0, Math.trunc(Number(start ?? 0)) || 0), to)
}

// It ends where something is found.
function searched(view: Uint8Array, value: unknown, at: unknown, encoding: unknown, found: number, touch: Touch): void {
  const end = found < 0 ? view.length : found + sizeOf(value, at, encoding)
  touch.read(view, positionOf(at, view.length, 0), end)
  if (isData(value)) touch.read(value, 0, value.byteLength)
}

// From where a search goes: from the end if it is negative.
function positionOf(at: unknown, length: number, byDefault: number): number {
  if (typeof at === 'string') return byDefault
  const position = Math.trunc(Number(at))
  if (Number.isNaN(position)) return byDefault
  return position < 0 ? Math.max(0, length + position) : Math.min(position, length)
}

// How many bytes are looked for.
function sizeOf(value: unknown, at: unknown, encoding: unknown): number {
  if (typeof value === 'string') return byteLengthOf(value, (typeof at === 'string' ? at : encoding) as BufferEncoding)
  return isData(value) ? value.byteLength : 1
}

function numberOr(given: unknown, byDefault: number): number {
  return typeof given === 'number' ? given : byDefault
}
