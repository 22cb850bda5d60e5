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
    const iterator = native.call(self) as Iterator<unknown>
    const isMap = types.isMap(self)
    const keys = (isMap ? keysOf : membersOf).call(self as never)
    return {
      __proto__: Object.getPrototypeOf(iterator) as object,
      next() {
        const { value, done } = iterator.next()
        if (done) return { value, done }
        const { value: key } = keys.next()
        const keyStep = native === valuesOf ? key : isMap ? '(a key)' : '(a member)'
        if (native !== entriesOf && native !== pairsOf)
          return { value: membrane.show(value, shadow, keyStep), done: false }
        const shown = membrane.show(key, shadow, keyStep)
        return { value: [shown, isMap ? membrane.show((value as unknown[])[1], shadow, key) : shown], done: false }
      },
    }
  }
  const visit: Told = ({ native, self, shadow, args: [callback, thisArg], above }) => {
    memory.read(shadow, KEYS, above)
    return native.call(self, (item: unknown, key: unknown) => {
      memory.read(shadow, key, above)
      const shown = membrane.show(item, shadow, types.isMap(self) ? key : '(a member)')
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
  // A copy of a Date asks none of its methods.
  const Days = new Proxy(Date, {
    construct(Native, args, newTarget) {
      const shadow = args.length === 1 && isObject(args[0]) ? memory.known(args[0]) : undefined
      if (shadow !== undefined && types.isDate(args[0])) memory.read(shadow, 'time', Days)
      return Reflect.construct(Native, args, newTarget) as Date
    },
  })
  replaceGlobal('Date', Days)
  replace(Date.prototype, 'constructor', Days)
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
  tellOfFirst(Reflect, 'has')
  for (const name of ['hasOwnProperty', 'propertyIsEnumerable'])
    tell(Object.prototype, name, ({ native, self, shadow, args: [key], above }) => {
      if (memory.strand === undefined) memory.read(shadow, key, above)
      return native.call(self, key)
    })
  const ofCaller = (
    holder: object,
    name: string,
    look: (native: Method, object: object, args: unknown[], above: Function) => unknown,
  ) => {
    const native = (holder as Record<string, Method>)[name]!
    const told = (value: unknown, ...rest: unknown[]): unknown =>
      memory.strand === undefined && isObject(value) && memory.known(value) !== undefined
        ? look(native, value, rest, told)
        : native.call(holder, value, ...rest)
    replace(holder, name, told)
  }
  for (const name of ['freeze', 'seal', 'preventExtensions'])
    ofCaller(Object, name, (native, object) => {
      guards.lift(object)
      return native.call(Object, object)
    })
  ofCaller(Reflect, 'preventExtensions', (native, object) => {
    guards.lift(object)
    return native.call(Reflect, object)
  })
  // What is an accessor only for as long as the caller is watched, it sees as the property that it is.
  const describe = (object: object, key: PropertyKey, above: Function) => {
    memory.read(memory.known(object)!, key, above)
    return guards.ownProperty(object, key)
  }
  for (const holder of [Object, Reflect])
    ofCaller(holder, 'getOwnPropertyDescriptor', (_, object, [key], above) =>
      describe(object, key as PropertyKey, above),
    )
  ofCaller(Object, 'getOwnPropertyDescriptors', (_, object, __, above) => {
    memory.read(memory.known(object)!, KEYS, above)
    return Object.fromEntries(ownKeys(object).map((key) => [key, describe(object, key, above)]))
  })
  for (const holder of [Object, Reflect])
    ofCaller(holder, 'defineProperty', (native, object, [key, property], above) =>
      guards.redefine(object, key as PropertyKey, () => native.call(holder, object, key, property), above),
    )
  ofCaller(Object, 'defineProperties', (_, object, [properties]) => {
    for (const key of ownKeys(properties as object))
      Object.defineProperty(object, key, (properties as PropertyDescriptorMap)[key as string]!)
    return object
  })
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
    // Nobody takes a proxy of an error for one.
    if (types.isNativeError(original)) {
      const { message, stack, cause, name } = value as Error
      const Kind = (globalThis as never as Record<string, ErrorConstructor>)[name]
      const copy: Error = new (Kind !== undefined && Kind.prototype instanceof Error ? Kind : Error)(message)
      seen.set(value, copy)
      Object.defineProperty(copy, 'stack', { value: stack })
      if (cause !== undefined) Object.defineProperty(copy, 'cause', { value: plainOf(cause, seen) })
      return copy
    }
    if (types.isDate(original)) return new Date(original.getTime())
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
const { entries: entriesOf, keys: keysOf, values: valuesOf, has: hasEntry } = Map.prototype
const { entries: pairsOf, values: membersOf, has: hasMember } = Set.prototype
const { ownKeys } = Reflect
