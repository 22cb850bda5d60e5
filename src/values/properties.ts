import type { Codec, Differ, Reader, Writer } from './codec.js'
import { diffEntries } from './entries.js'
import { isIndex } from './extras.js'
import { malformed } from './malformed.js'

/** Own keys that a plain data property carries across; anything hidden, computed or locked is refused by name. */
export function dataKeys(value: object, out: Writer): string[] {
  const keys = Object.keys(value)
  const hidden = hiddenKey(value, keys)
  if (hidden !== undefined) throw out.refuse(nameOfHidden(hidden), hidden)
  const isFrozen = Object.isFrozen(value)
  const isSealed = isFrozen || (!Object.isExtensible(value) && Object.isSealed(value))
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(value, key)!
    if (property.get !== undefined || property.set !== undefined) throw out.refuse('an accessor property', key)
    // What is locked as a whole crosses; a single locked property would come back open.
    if (property.writable === isFrozen || property.configurable === isSealed) {
      throw out.refuse('a read-only or permanent property of an object that is not frozen', key)
    }
  }
  return keys
}

// Keys other than those that `Object.keys` gave. Counting costs a third of what listing all of them does.
function hiddenKey(value: object, keys: readonly string[]): PropertyKey | undefined {
  const expected = Array.isArray(value) ? keys.length + 1 : keys.length
  if (Object.getOwnPropertyNames(value).length === expected && Object.getOwnPropertySymbols(value).length === 0)
    return undefined
  const isHidden = (key: PropertyKey) =>
    typeof key === 'symbol' || !Object.prototype.propertyIsEnumerable.call(value, key)
  return Reflect.ownKeys(value).find((key) => isHidden(key) && !(key === 'length' && Array.isArray(value)))
}

function nameOfHidden(key: PropertyKey): string {
  return typeof key === 'symbol' ? 'a property named by a symbol' : 'a hidden (non-enumerable) property'
}

/** Gives a new object a property of its own, also where its prototype has a setter or a constant of that name. */
export function define(target: object, key: PropertyKey, value: unknown): void {
  if (key in target) Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
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
  for (let left = content.count(); left > 0; left--) {
    const key = content.raw()
    if (typeof key !== 'string') throw malformed('a property has no name')
    define(value, key, content.value())
  }
}

/** Compares own properties with what `writeProperties` wrote. */
export function diffProperties(value: object, content: Reader, out: Differ): void {
  const keys = Object.keys(value)
  const hidden = hiddenKey(value, keys)
  if (hidden !== undefined) throw refuseToWrite(value, hidden, nameOfHidden(hidden), out)
  diffEntries<string>(keys, content.raw() as number, {
    key: () => content.raw() as string,
    before: () => content.value(),
    now: (key) => own(value, key),
    set: (key, now, had, before) => changeProperty(value, key, now, had, before, out),
    delete: (key, before) => out.change('delete', value, key, undefined, true, before),
    isSorted: (key) => isIndex(key),
  })
}

/** Reports a property that is new or has another value. */
export function changeProperty(
  value: object,
  key: string,
  now: unknown,
  had: boolean,
  before: unknown,
  out: Differ,
): void {
  const property = Object.getOwnPropertyDescriptor(value, key)!
  if (property.get !== undefined || property.set !== undefined)
    throw refuseToWrite(value, key, 'an accessor property', out)
  if (!property.writable && !Object.isFrozen(value)) throw refuseToWrite(value, key, 'a read-only property', out)
  out.change('set', value, key, now, had, before)
}

/** The error for a property that a method gave an object and that cannot be written back. */
export function refuseToWrite(value: object, key: PropertyKey, what: string, out: Differ): Error {
  return out.refuse(
    value,
    `the method gave an object ${what}, ${String(key)}`,
    'use plain properties, or return the object instead',
  )
}

/** The error for an object that a method made one of another class. */
export function refusePrototype(value: object, out: Differ): Error {
  return out.refuse(value, 'the method changed the prototype of an object', 'return a new object instead')
}

/** Refuses a change that no codec of these kinds can carry: properties beyond the first `count`. */
export function refuseExtras(value: object, count: number, out: Differ): void {
  const keys = Reflect.ownKeys(value)
  if (keys.length > count) throw refuseToWrite(value, keys[count]!, 'a property of its own', out)
}

/** A plain object, with `Object.prototype`, the prototype of a registered class, or none. */
export const plain: Codec = {
  write: (value, out) => writeProperties(value, out),
  create: (_, prototype = Object.prototype) => Object.create(prototype),
  fill: fillProperties,
  diff: diffProperties,
}

export const withoutPrototype: Codec = { ...plain, create: () => Object.create(null) }
