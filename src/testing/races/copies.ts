import { types } from 'node:util'
import v8 from 'node:v8'
import { bufferOf, isData } from './data.js'
import { isObject, type Telling } from './telling.js'

/** Structured clone does not take proxies: it is given what is behind them, and all of that counts as read. */
export function tellOfCopies(telling: Telling): void {
  const { membrane } = telling
  const { memory } = membrane
  for (const [holder, name] of [
    [globalThis, 'structuredClone'],
    [v8, 'serialize'],
  ] as const)
    telling.instead(
      holder,
      name,
      (native) =>
        function told(this: unknown, value: unknown, ...rest: unknown[]): unknown {
          if (memory.strand === undefined) {
            try {
              return native.call(this, value, ...rest)
            } catch (error) {
              // Perhaps it is only that the caller's typed arrays are seen through proxies.
              if (!membrane.ownsViews) throw error
            }
          }
          return native.call(this, plainOf(value, new Map(), told), ...rest)
        },
    )

  function plainOf(value: unknown, seen: Map<object, unknown>, above: Function): unknown {
    if (!isObject(value)) return value
    const known = seen.get(value)
    if (known !== undefined) return known
    const original = membrane.raw(value)
    if (isData(original)) {
      // Memory that workers share is not copied.
      if (!types.isSharedArrayBuffer(bufferOf(original))) telling.readAll(original, above)
      return original
    }
    if (value instanceof Map) {
      const copy = new Map<unknown, unknown>()
      seen.set(value, copy)
      for (const [key, item] of value) copy.set(plainOf(key, seen, above), plainOf(item, seen, above))
      return copy
    }
    if (value instanceof Set) {
      const copy = new Set<unknown>()
      seen.set(value, copy)
      for (const item of value) copy.add(plainOf(item, seen, above))
      return copy
    }
    // Nobody takes a proxy of an error for one.
    if (types.isNativeError(original)) {
      const { message, stack, cause, name } = value as Error
      const Kind = (globalThis as never as Record<string, ErrorConstructor>)[name]
      const copy: Error = new (Kind !== undefined && Kind.prototype instanceof Error ? Kind : Error)(message)
      seen.set(value, copy)
      Object.defineProperty(copy, 'stack', { value: stack })
      if (cause !== undefined) Object.defineProperty(copy, 'cause', { value: plainOf(cause, seen, above) })
      return copy
    }
    if (types.isDate(original)) return new Date(original.getTime())
    const isPlain = Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]'
    if (!isPlain) return original
    const copy = (Array.isArray(value) ? new Array(value.length) : {}) as Record<string, unknown>
    seen.set(value, copy)
    for (const [key, item] of Object.entries(value)) copy[key] = plainOf(item, seen, above)
    return copy
  }
}
