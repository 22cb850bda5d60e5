import { inspect } from 'node:util'
import type { Codec, Differ, Reader } from './codec.js'
import { withPrototype } from './collections.js'
import { diffProperties, fillProperties, isIndex, own, writeProperties } from './properties.js'

// Below this length an array of numbers is not worth packing, nor is it costly to list its keys.
export const PACK_FROM = 32

/** An array without holes and without properties of its own beyond its elements. */
export const dense: Codec<unknown[]> = {
  write(value, out) {
    out.raw(value.length)
    for (let i = 0; i < value.length; i++) out.value(value[i], i)
  },
  create: (content, prototype) => withPrototype(new Array(content.raw() as number), prototype),
  fill(value, content) {
    content.raw()
    for (let i = 0; i < value.length; i++) value[i] = content.value()
  },
  diff(value, content, out) {
    const before = content.raw() as number
    if (value.length < before) shrink(value, before, content, out)
    else for (let i = 0; i < before; i++) compare(value, i, content.value(), out)
    grow(value, before, out)
    diffExtras(value, out)
  },
}

/** A dense array of numbers alone: packed, it crosses at the speed of memory. */
export const numbers: Codec<number[]> = {
  write: (value, out) => out.raw(Float64Array.from(value)),
  create(content, prototype) {
    const packed = content.raw() as Float64Array
    const value = new Array<number>(packed.length)
    for (let i = 0; i < packed.length; i++) value[i] = packed[i]!
    return withPrototype(value, prototype)
  },
  diff(value, content, out) {
    const packed = content.raw() as Float64Array
    const shared = Math.min(packed.length, value.length)
    for (let i = 0; i < shared; i++) {
      const now = value[i]
      const before = packed[i]!
      // Object.is, spelled out: this is the loop that a repeated argument pays for.
      if (now === before ? now === 0 && 1 / now !== 1 / before : now === now || before === before) compare(value, i, before, out)
    }
    for (let i = shared; i < packed.length; i++) out.change('delete', value, String(i), undefined, true, packed[i])
    if (value.length < packed.length) out.change('length', value, undefined, value.length, true, packed.length)
    grow(value, packed.length, out)
    diffExtras(value, out)
  },
}

/** An array with holes, or with properties besides its elements. */
export const sparse: Codec<unknown[]> = {
  write(value, out) {
    out.raw(value.length)
    writeProperties(value, out)
  },
  create(content, prototype) {
    const value: unknown[] = []
    value.length = content.raw() as number
    return withPrototype(value, prototype)
  },
  fill(value, content) {
    content.raw()
    fillProperties(value, content)
  },
  diff(value, content, out) {
    const before = content.raw() as number
    diffProperties(value, content, out)
    if (value.length !== before && !Object.hasOwn(value, value.length - 1)) out.change('length', value, undefined, value.length, true, before)
  },
}

/** Which of the three codecs an array needs. */
export function arrayCodec(value: readonly unknown[]): Codec {
  if (hasExtras(value)) return sparse
  let allNumbers = value.length >= PACK_FROM
  for (let i = 0; i < value.length; i++) {
    const item = value[i]
    if (typeof item === 'number') continue
    if (item === undefined && !Object.hasOwn(value, i)) return sparse
    allNumbers = false
  }
  return (allNumbers ? numbers : dense)
}

function compare(value: unknown[], i: number, before: unknown, out: Differ): void {
  const now = value[i]
  if (now === undefined && !Object.hasOwn(value, i)) out.change('delete', value, String(i), undefined, true, before)
  else if (!Object.is(now, before)) out.change('set', value, String(i), now, true, before)
}

function shrink(value: unknown[], before: number, content: Reader, out: Differ): void {
  for (let i = 0; i < value.length; i++) compare(value, i, content.value(), out)
  for (let i = value.length; i < before; i++) out.change('delete', value, String(i), undefined, true, content.value())
  out.change('length', value, undefined, value.length, true, before)
}

function grow(value: unknown[], from: number, out: Differ): void {
  for (let i = from; i < value.length; i++) if (Object.hasOwn(value, i)) out.change('set', value, String(i), value[i], false)
  // An element that is set beyond the end makes room for itself, also where another call has made more.
  if (value.length > from && !Object.hasOwn(value, value.length - 1)) out.change('length', value, undefined, value.length, true, from)
}

function diffExtras(value: unknown[], out: Differ): void {
  if (!hasExtras(value)) return
  for (const key of Object.keys(value)) if (!isIndex(key)) out.change('set', value, key, own(value, key), false)
}

// Listing the keys of a long array makes a string of every index; what `inspect` prints of it tells the same in microseconds.
function hasExtras(value: readonly unknown[]): boolean {
  if (value.length < PACK_FROM) return Reflect.ownKeys(value).length > value.length + 1
  return inspect(value, SHORT) !== `[ ... ${value.length} more items ]` && Reflect.ownKeys(value).some((key) => key !== 'length' && !isIndex(key))
}

const SHORT = { depth: 0, maxArrayLength: 0, breakLength: Infinity, customInspect: false, showHidden: false, colors: false }
