import { inspect, types } from 'node:util'
import type { Membrane } from './membrane.js'
import { KEYS } from './place.js'

/**
 * Has `inspect` of Node.js, and with it the console, see objects as they are and tell what it reads: by itself it looks behind
 * proxies, and shows that there are accessors. Returns what puts everything back.
 */
export function tellOfInspect(membrane: Membrane): () => void {
  const { memory, bytes } = membrane

  function told(this: object, depth: number | null): object {
    return memory.isMuted ? this : copyOf(this, depth ?? Number.POSITIVE_INFINITY, new Map())
  }

  function copyOf(value: object, depth: number, seen: Map<object, object>): object {
    const original = membrane.raw(value)
    const shadow = memory.known(original)
    if (shadow === undefined || depth < 0) return value
    const shown = memory.strand === undefined ? original : membrane.show(original)
    const known = seen.get(original)
    if (known !== undefined) return known
    if (ArrayBuffer.isView(original)) bytes.read(shadow, original.byteOffset, original.byteLength, told)
    if (types.isDate(original)) memory.read(shadow, 'time', told)
    const keep = <T extends object>(copy: T): T => {
      seen.set(original, copy)
      return Object.setPrototypeOf(copy, Object.getPrototypeOf(original) as object | null) as T
    }
    const partOf = (part: unknown) => (typeof part === 'object' && part !== null ? copyOf(part, depth - 1, seen) : part)
    if (types.isMap(shown)) {
      const copy = keep(new Map<unknown, unknown>())
      for (const [key, item] of shown) Map.prototype.set.call(copy, partOf(key), partOf(item))
      return copy
    }
    if (types.isSet(shown)) {
      const copy = keep(new Set<unknown>())
      for (const member of shown) Set.prototype.add.call(copy, partOf(member))
      return copy
    }
    const isPlain = Array.isArray(original) || Object.prototype.toString.call(original) === '[object Object]'
    // Others say themselves how they look, or hide what they hold.
    if (!isPlain || (original as Record<symbol, unknown>)[inspect.custom] !== told) return original
    const copy = keep(Array.isArray(original) ? new Array(original.length) : {}) as Record<PropertyKey, unknown>
    memory.read(shadow, KEYS, told)
    for (const key of keysOf(original)) {
      memory.read(shadow, key, told)
      const place = shadow.known(key)
      const part = place?.isGuarded ? place.guard!.value : (original as Record<string, unknown>)[key]
      Object.defineProperty(copy, key, { ...OPEN, value: partOf(membrane.show(part, shadow, key)) })
    }
    return copy
  }

  Object.defineProperty(Object.prototype, inspect.custom, { ...OPEN, enumerable: false, value: told })
  return () => {
    Reflect.deleteProperty(Object.prototype, inspect.custom)
  }
}

// As it is when nobody watches.
const { keys: keysOf } = Object

const OPEN = { writable: true, enumerable: true, configurable: true }
