import { types } from 'node:util'
import v8 from 'node:v8'
import type { Guards } from './guards.js'
import type { Membrane } from './membrane.js'
import { KEYS, type Shadow } from './place.js'

type Method = (this: unknown, ...args: unknown[]) => unknown
type Told = (call: {
  readonly native: Method
  readonly self: object
  readonly shadow: Shadow
  readonly args: readonly unknown[]
  /** Whom the program called. */
  readonly above: Function
}) => unknown

/**
 * Has the language's own methods tell the membrane what they do to Maps, Sets, Dates, DataViews and buffers that calls have
 * seen, and those that look at properties what the caller does. Returns what puts everything back.
 */
export function tellOf(membrane: Membrane, guards: Guards): () => void {
  const undo: (() => void)[] = []
  const { memory, bytes } = membrane

  const replace = (holder: object, name: PropertyKey, method: Function) => {
    const before = Object.getOwnPropertyDescriptor(holder, name)!
    const length = Object.getOwnPropertyDescriptor(before.value ?? before.get, 'length')!
    Object.defineProperty(method, 'length', length)
    Object.defineProperty(
      holder,
      name,
      before.get === undefined ? { ...before, value: method } : { ...before, get: method as () => unknown },
    )
    undo.push(() => Object.defineProperty(holder, name, before))
  }
  const tell = (prototype: object, name: PropertyKey, told: Told) => {
    const { value, get } = Object.getOwnPropertyDescriptor(prototype, name)!
    const native = (value ?? get) as Method
    const { name: said } = native as Function
    const method = {
      [said](this: object, ...args: unknown[]): unknown {
        const shadow = memory.known(this)
        return shadow === undefined
          ? native.apply(this, args)
          : told({ native, self: this, shadow, args, above: method })
      },
    }[said]!
    replace(prototype, name, method)
    return method
  }
  const alias = (prototype: object, name: PropertyKey, as: PropertyKey) =>
    replace(prototype, as, (prototype as Record<PropertyKey, Function>)[name]!)

  const look: Told = ({ native, self, shadow, args, above }) => {
    const key = membrane.original(args[0])
    memory.read(shadow, key, above)
    return membrane.show(native.call(self, key), shadow, key)
  }
  const list: Told = ({ native, self, shadow, above }) => {
    memory.read(shadow, KEYS, above)
    return native.call(self)
  }
  const listAll: Told = (call) => {
    for (const key of keysOf.call(call.self as Map<unknown, unknown>)) memory.read(call.shadow, key, call.above)
    return iterate(call)
  }
  const iterate: Told = ({ native, self, shadow, above }) => {
    memory.read(shadow, KEYS, above)
    const entries = native.call(self) as Iterator<unknown>
    return {
      __proto__: Object.getPrototypeOf(entries) as object,
      next() {
        const { done, value } = entries.next()
        if (done) return { done, value }
        if (!Array.isArray(value)) return { done: false, value: membrane.show(value, shadow, '(an entry)') }
        const [key, item] = value as [unknown, unknown]
        const shown = membrane.show(key, shadow, '(a key)')
        return { done: false, value: [shown, membrane.show(item, shadow, key)] }
      },
    }
  }
  const visit: Told = ({ native, self, shadow, args: [callback, thisArg], above }) => {
    memory.read(shadow, KEYS, above)
    return native.call(self, (item: unknown, key: unknown) => {
      memory.read(shadow, key, above)
      const shown = membrane.show(item, shadow, key)
      ;(callback as Method).call(thisArg, shown, membrane.show(key, shadow, '(a key)'), self)
    })
  }
  const remove =
    (has: (this: never, key: never) => boolean): Told =>
    ({ native, self, shadow, args, above }) => {
      const key = membrane.original(args[0])
      // Whether there was something to delete is a result.
      memory.read(shadow, key, above)
      if (has.call(self as never, key as never)) memory.take(shadow, key, above)
      return native.call(self, key)
    }
  const add =
    (has: (this: never, key: never) => boolean): Told =>
    ({ native, self, shadow, args, above }) => {
      const [key, ...values] = args.map((arg) => membrane.publish(arg))
      memory.write(shadow, key, above, values[0])
      if (!has.call(self as never, key as never)) memory.write(shadow, KEYS, above)
      return native.call(self, key, ...values)
    }
  const clear: Told = ({ native, self, shadow, above }) => {
    // What an earlier call adds would be gone as well.
    memory.read(shadow, KEYS, above)
    const keys = [...(self instanceof Map ? keysOf.call(self) : membersOf.call(self as Set<unknown>))]
    for (const key of keys) memory.take(shadow, key, above)
    return native.call(self)
  }

  for (const name of ['get', 'has']) tell(Map.prototype, name, look)
  tell(Map.prototype, 'set', add(hasEntry as never))
  tell(Map.prototype, 'delete', remove(hasEntry as never))
  tell(Map.prototype, 'clear', clear)
  tell(Map.prototype, 'forEach', visit)
  for (const name of ['entries', 'values']) tell(Map.prototype, name, listAll)
  tell(Map.prototype, 'keys', iterate)
  tell(Map.prototype, 'size', list)
  alias(Map.prototype, 'entries', Symbol.iterator)
  tell(Set.prototype, 'has', look)
  tell(Set.prototype, 'add', add(hasMember as never))
  tell(Set.prototype, 'delete', remove(hasMember as never))
  tell(Set.prototype, 'clear', clear)
  tell(Set.prototype, 'forEach', visit)
  for (const name of ['entries', 'values']) tell(Set.prototype, name, iterate)
  tell(Set.prototype, 'size', list)
  alias(Set.prototype, 'values', Symbol.iterator)
  alias(Set.prototype, 'values', 'keys')

  for (const name of Reflect.ownKeys(Date.prototype)) {
    if (name === 'constructor') continue
    const isSetter = typeof name === 'string' && name.startsWith('set')
    tell(Date.prototype, name, ({ native, self, shadow, args, above }) => {
      if (name !== 'setTime') memory.read(shadow, 'time', above)
      if (isSetter) memory.write(shadow, 'time', above)
      return native.apply(self, args as unknown[])
    })
  }

  for (const name of Object.getOwnPropertyNames(DataView.prototype)) {
    const [, verb, bits] = /^(get|set)\D*(\d+)$/.exec(name) ?? []
    if (verb === undefined) continue
    const note = verb === 'get' ? 'read' : 'write'
    tell(DataView.prototype, name, ({ native, self, shadow, args, above }) => {
      bytes[note](shadow, (self as DataView).byteOffset + Number(args[0]), Number(bits) / 8, above)
      return native.apply(self, args as unknown[])
    })
  }
  for (const name of VIEWS) {
    const Native = (globalThis as never as Record<string, new (...args: unknown[]) => ArrayBufferView>)[name]!
    // A view of a buffer that calls have seen is seen as well, and so is what the caller does with a typed array that it makes now.
    const Told = new Proxy(Native, {
      construct(_, args, newTarget) {
        const raw = args.map((arg) => membrane.raw(arg))
        const view = Reflect.construct(Native, raw, newTarget === Told ? Native : newTarget) as ArrayBufferView
        if (memory.strand === undefined && types.isTypedArray(view)) return membrane.own(view)
        const buffer = memory.known(view.buffer)
        return buffer === undefined ? view : membrane.show(view, buffer, `(a ${name})`)
      },
    })
    replaceGlobal(name, Told)
  }

  // What looks at properties without asking for one.
  for (const name of ['keys', 'getOwnPropertyNames'] as const) tellOfFirst(Object, name, KEYS)
  tellOfFirst(Reflect, 'ownKeys', KEYS)
  tellOfFirst(Object, 'hasOwn')
  for (const name of ['freeze', 'seal', 'preventExtensions', 'getOwnPropertyDescriptor', 'getOwnPropertyDescriptors']) {
    const native = (Object as never as Record<string, Method>)[name]!
    replace(Object, name, (value: unknown, ...rest: unknown[]) => {
      if (typeof value === 'object' && value !== null && memory.strand === undefined) guards.lift(value)
      return native.call(Object, value, ...rest)
    })
  }
  copyThrough(globalThis, 'structuredClone')
  copyThrough(v8, 'serialize')
  copyThrough(ArrayBuffer, 'isView')
  for (const name of Object.getOwnPropertyNames(Atomics)) copyThrough(Atomics, name)

  return () => {
    for (const restore of undo.reverse()) restore()
  }

  function replaceGlobal(name: string, value: unknown): void {
    const before = Object.getOwnPropertyDescriptor(globalThis, name)!
    Object.defineProperty(globalThis, name, { ...before, value })
    undo.push(() => Object.defineProperty(globalThis, name, before))
  }

  function tellOfFirst(holder: object, name: string, key?: unknown): void {
    const native = (holder as Record<string, Method>)[name]!
    const told = (value: unknown, ...rest: unknown[]): unknown => {
      const shadow = memory.strand === undefined && isObject(value) ? memory.known(value) : undefined
      if (shadow !== undefined) memory.read(shadow, key ?? rest[0], told)
      return native.call(holder, value, ...rest)
    }
    replace(holder, name, told)
  }

  // Structured clone does not take proxies: it is given what is behind them, and all of that counts as read.
  function copyThrough(holder: object, name: string): void {
    const native = (holder as Record<string, Method>)[name]
    if (typeof native !== 'function') return
    const isCopy = name === 'structuredClone' || name === 'serialize'
    replace(holder, name, function (this: unknown, value: unknown, ...rest: unknown[]): unknown {
      if (!isCopy) return native.call(this, membrane.raw(value), ...rest)
      if (memory.strand === undefined) {
        try {
          return native.call(this, value, ...rest)
        } catch (error) {
          // Perhaps it is only that the caller's typed arrays are seen through proxies.
          if (!membrane.ownsViews) throw error
        }
      }
      return native.call(this, plainOf(value, new Map()), ...rest)
    })
  }

  function plainOf(value: unknown, seen: Map<object, unknown>): unknown {
    if (!isObject(value)) return value
    const known = seen.get(value)
    if (known !== undefined) return known
    const original = membrane.raw(value)
    if (ArrayBuffer.isView(original)) {
      const shadow = memory.known(original)
      if (shadow !== undefined) bytes.read(shadow, original.byteOffset, original.byteLength, plainOf)
      return original
    }
    if (value instanceof Map) {
      const copy = new Map<unknown, unknown>()
      seen.set(value, copy)
      for (const [key, item] of value) copy.set(plainOf(key, seen), plainOf(item, seen))
      return copy
    }
    if (value instanceof Set) {
      const copy = new Set<unknown>()
      seen.set(value, copy)
      for (const item of value) copy.add(plainOf(item, seen))
      return copy
    }
    const isPlain = Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]'
    if (!isPlain) return original
    const copy = (Array.isArray(value) ? new Array(value.length) : {}) as Record<string, unknown>
    seen.set(value, copy)
    for (const [key, item] of Object.entries(value)) copy[key] = plainOf(item, seen)
    return copy
  }
}

const VIEWS = [
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'DataView'],
]

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

// As they are when nobody watches.
const { keys: keysOf, has: hasEntry } = Map.prototype
const { values: membersOf, has: hasMember } = Set.prototype
