import { types } from 'node:util'
import type { Codec, Differ, Reader, Writer } from './codec.js'
import { withPrototype } from './collections.js'
import { extrasOf, hasExtras } from './extras.js'
import { isCount, malformed } from './malformed.js'
import { changeProperty, diffProperties, fillProperties, own, refuseToWrite, writeProperties } from './properties.js'

// Below this length an array of numbers is not worth packing.
export const PACK_FROM = 32

/** An array without holes and without properties of its own beyond its elements. */
export const dense: Codec<unknown[]> = {
  write(value, out) {
    checkLength(value, out)
    out.raw(value.length)
    for (let i = 0; i < value.length; i++) {
      checkElement(value, i, out)
      out.value(value[i], i)
    }
  },
  create: (content, prototype) => withPrototype(new Array(content.count()), prototype),
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
  write(value, out) {
    checkLength(value, out)
    out.raw(Float64Array.from(value))
  },
  create(content, prototype) {
    const packed = content.raw()
    if (!types.isFloat64Array(packed)) throw malformed('a list of numbers is none')
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
      if (now === before ? now === 0 && 1 / now !== 1 / before : now === now || before === before)
        compare(value, i, before, out)
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
    checkLength(value, out)
    out.raw(value.length)
    writeProperties(value, out)
  },
  create(content, prototype) {
    const value: unknown[] = []
    const length = content.raw()
    if (!isCount(length, 2 ** 32 - 1)) throw malformed('an array has no length')
    value.length = length
    return withPrototype(value, prototype)
  },
  fill(value, content) {
    content.raw()
    fillProperties(value, content)
  },
  diff(value, content, out) {
    const before = content.raw() as number
    diffProperties(value, content, out)
    if (value.length < before || (value.length > before && !Object.hasOwn(value, value.length - 1)))
      out.change('length', value, undefined, value.length, true, before)
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
  return allNumbers ? numbers : dense
}

function checkLength(value: unknown[], out: Writer): void {
  if (Object.getOwnPropertyDescriptor(value, 'length')!.writable || Object.isFrozen(value)) return
  throw out.refuse('a read-only property of an object that is not frozen', 'length')
}

function checkElement(value: unknown[], i: number, out: Writer): void {
  const property = Object.getOwnPropertyDescriptor(value, i)!
  if (property.get !== undefined || property.set !== undefined) throw out.refuse('an accessor property', i)
  if (!property.enumerable) throw out.refuse('a hidden (non-enumerable) property', i)
  if (!property.writable && !Object.isFrozen(value))
    throw out.refuse('a read-only property of an object that is not frozen', i)
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
  for (let i = from; i < value.length; i++)
    if (Object.hasOwn(value, i)) out.change('set', value, String(i), value[i], false)
  // An element that is set beyond the end makes room for itself, also where another call has made more.
  if (value.length > from && !Object.hasOwn(value, value.length - 1))
    out.change('length', value, undefined, value.length, true, from)
}

function diffExtras(value: unknown[], out: Differ): void {
  if (!hasExtras(value)) return
  for (const key of extrasOf(value)) {
    if (typeof key === 'symbol') throw refuseToWrite(value, key, 'a property named by a symbol', out)
    if (!Object.prototype.propertyIsEnumerable.call(value, key))
      throw refuseToWrite(value, key, 'a hidden property', out)
    changeProperty(value, String(key), own(value, key), false, undefined, out)
  }
}
