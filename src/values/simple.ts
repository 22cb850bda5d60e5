import { types } from 'node:util'
import { PACK_FROM } from './arrays.js'
import { isPrimitive } from './primitive.js'

/**
 * A copy of a plain object or a short array that holds nothing but primitives: structured clone carries it as it is, and
 * needs no description of it. `undefined` for anything else.
 */
export function simpleCopy(value: object): object | undefined {
  if (types.isProxy(value) || !Object.isExtensible(value)) return undefined
  const prototype = Object.getPrototypeOf(value) as object
  if (prototype === Object.prototype) return copyInto({}, value, Object.keys(value))
  if (prototype !== Array.prototype || !Array.isArray(value) || value.length >= PACK_FROM) return undefined
  const keys = Object.keys(value)
  const hasOpenEnd = Object.getOwnPropertyDescriptor(value, 'length')!.writable
  return hasOpenEnd && keys.length === value.length ? copyInto([], value, keys, 1) : undefined
}

function copyInto(copy: object, value: object, keys: readonly string[], hidden = 0): object | undefined {
  if (Reflect.ownKeys(value).length !== keys.length + hidden) return undefined
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(value, key)!
    const item: unknown = property.value
    if (!isPrimitive(item) || !property.writable || !property.configurable || key === '__proto__') return undefined
    ;(copy as Record<string, unknown>)[key] = item
  }
  return copy
}
