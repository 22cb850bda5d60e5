import type { Codec, Differ, Reader, Writer } from './codec.js'
import { diffEntries } from './entries.js'

/** Own keys that a plain data property carries across; anything hidden, computed or locked is refused by name. */
export function dataKeys(value: object, out: Writer): string[] {
  const keys = Object.keys(value)
  const own = Array.isArray(value) ? Reflect.ownKeys(value).filter((key) => key !== 'length') : Reflect.ownKeys(value)
  if (own.length !== keys.length) {
    const hidden = own.find((key) => typeof key === 'symbol' || !Object.prototype.propertyIsEnumerable.call(value, key))!
    throw out.refuse(typeof hidden === 'symbol' ? 'a property named by a symbol' : 'a hidden (non-enumerable) property', hidden)
  }
  const locked = !Object.isExtensible(value)
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(value, key)!
    if (property.get !== undefined || property.set !== undefined) throw out.refuse('an accessor property', key)
    if (!locked && !(property.writable && property.configurable)) {
      throw out.refuse('a read-only property of an object that is not frozen', key)
    }
  }
  return keys
}

/** Defines a property as assignment would, also where its name is `__proto__`. */
export function define(target: object, key: PropertyKey, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  else (target as Record<PropertyKey, unknown>)[key] = value
}

/** Reads an own property; never one that a prototype lends. */
export function own(target: object, key: PropertyKey): unknown {
  return Object.hasOwn(target, key) ? (target as Record<PropertyKey, unknown>)[key] : undefined
}

/** Writes own properties: their number, then key and value of each. */
export function writeProperties(value: object, out: Writer, keys: readonly string[] = dataKeys(value, out)): void {
  out.raw(keys.length)
  for (const key of keys) {
    out.raw(key)
    out.value(own(value, key), key)
  }
}

/** Gives an object the properties that `writeProperties` wrote. */
export function fillProperties(value: object, content: Reader): void {
  for (let left = content.raw() as number; left > 0; left--) define(value, content.raw() as string, content.value())
}

/** Compares own properties with what `writeProperties` wrote. */
export function diffProperties(value: object, content: Reader, out: Differ, keys: readonly string[] = Object.keys(value)): void {
  diffEntries(keys, content.raw() as number, {
    key: () => content.raw() as string,
    before: () => content.value(),
    now: (key) => own(value, key),
    set: (key, now, had, before) => out.change('set', value, key, now, had, before),
    delete: (key, before) => out.change('delete', value, key, undefined, true, before),
    isSorted: isIndex,
  })
}

/** Whether a key is the index of an element: such keys come first, in the order of their numbers. */
export function isIndex(key: string | symbol): boolean {
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key)
}

/** A plain object, with `Object.prototype`, the prototype of a registered class, or none. */
export const plain: Codec = {
  write: (value, out) => writeProperties(value, out),
  create: (_, prototype = Object.prototype) => Object.create(prototype),
  fill: fillProperties,
  diff: diffProperties,
}

export const withoutPrototype: Codec = { ...plain, create: () => Object.create(null) }
