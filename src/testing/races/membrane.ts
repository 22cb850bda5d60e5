import { types } from 'node:util'
import { isFuture } from '../../future.js'
import { behind, isTarget } from '../../target.js'
import { serializableOf } from '../../values/classes.js'
import { stubOf } from '../../values/stub.js'
import type { Bytes } from './bytes.js'
import { Hidden } from './hidden.js'
import { KEYS, type Memory, type Shadow, WHOLE } from './memory.js'
import { pathOf } from './path-of.js'
import type { Strand } from './strand.js'
import { viewOf } from './view.js'

/**
 * What stands between a call and the caller's objects. Plain objects, arrays and instances are seen through proxies, and so are
 * typed arrays. Maps, Sets, Dates and DataViews are themselves: their methods tell (see natives.ts).
 */
export class Membrane {
  readonly memory: Memory
  readonly bytes: Bytes
  readonly hidden: Hidden
  readonly #originals = new WeakMap<object, object>()

  constructor(memory: Memory, bytes: Bytes) {
    this.memory = memory
    this.bytes = bytes
    this.hidden = new Hidden(memory)
  }

  /** A value as the present call is to see it, found in an object under a key. */
  show<T>(value: T, from?: Shadow, key?: unknown): T {
    if (typeof value !== 'object' || value === null) return value
    const { strand } = this.memory
    if (strand === undefined || strand.made.has(value) || this.#originals.has(value)) return value
    if (isTarget(value)) return this.#target(value, strand, from, key) as T
    const shadow = this.memory.shadowOf(value)
    if (strand.found.has(shadow)) return shadow.shown as T
    strand.found.set(shadow, [from, key])
    if (shadow.shown === value) shadow.shown = this.#shape(shadow)
    if (shadow.shown !== value) this.#originals.set(shadow.shown, value)
    else this.#touchUnseen(shadow)
    return shadow.shown as T
  }

  /** The object behind what a call sees. */
  original<T>(value: T): T {
    return ((typeof value === 'object' && value !== null && this.#originals.get(value)) || value) as T
  }

  /** The same of what a call puts where others may find it: it knows what it made itself as it is. */
  publish(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    const original = this.#originals.get(value)
    if (original !== undefined) return original
    if (this.memory.known(value) === undefined) this.memory.strand?.made.add(value)
    return value
  }

  /** Puts the caller's objects in the places of what a call saw, wherever it left this. */
  clean(value: unknown, seen = new Set<object>()): unknown {
    if (typeof value !== 'object' || value === null) return value
    const original = this.#originals.get(value)
    if (original !== undefined) return original
    if (seen.has(value) || this.memory.known(value) !== undefined || isFuture(value) || isTarget(value)) return value
    seen.add(value)
    if (types.isMap(value)) this.#cleanMap(value, seen)
    else if (types.isSet(value)) this.#cleanSet(value, seen)
    else if (!ArrayBuffer.isView(value)) {
      for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
        if (!('value' in property)) continue
        const cleaned = this.clean(property.value, seen)
        if (cleaned !== property.value && property.writable) (value as Record<string, unknown>)[key] = cleaned
      }
    }
    return value
  }

  #cleanMap(map: Map<unknown, unknown>, seen: Set<object>): void {
    const entries = [...map].map(([key, item]) => [key, this.clean(key, seen), item, this.clean(item, seen)] as const)
    const keepsKeys = entries.every(([key, cleaned]) => key === cleaned)
    if (!keepsKeys) map.clear()
    for (const [, key, before, item] of entries) if (!keepsKeys || before !== item) map.set(key, item)
  }

  #cleanSet(set: Set<unknown>, seen: Set<object>): void {
    const members = [...set].map((member) => [member, this.clean(member, seen)] as const)
    if (members.every(([member, cleaned]) => member === cleaned)) return
    set.clear()
    for (const [, member] of members) set.add(member)
  }

  // A tracked object crosses as the plain one that it is; other targets stay with their job.
  #target(target: object, strand: Strand, from: Shadow | undefined, key: unknown): unknown {
    const held = behind(target)?.held
    let root = from
    for (let above = from; above !== undefined; above = strand.found.get(above)?.[0]) root = above
    const isOfJob = root !== undefined && strand.found.get(root)?.[1] === 'this'
    return held === undefined || isOfJob ? stubOf(pathOf(strand, from, key)) : this.show(held, from, key)
  }

  #shape(shadow: Shadow): object {
    const { object } = shadow
    if (types.isTypedArray(object)) return viewOf(object, shadow, this)
    if (isItself(object)) return object
    if (Object.isFrozen(object)) return this.#frozen(shadow)
    return new Proxy(object, new Traps(shadow, this))
  }

  // What is frozen must be shown as it is, but what it holds may change.
  #frozen(shadow: Shadow): object {
    const { object } = shadow
    const entries = Object.entries(object).map(([key, value]) => [key, value, this.show(value, shadow, key)] as const)
    if (entries.every(([, value, shown]) => value === shown)) return object
    const copy = (Array.isArray(object) ? [] : Object.create(Object.getPrototypeOf(object))) as Record<string, unknown>
    for (const [key, , shown] of entries) copy[key] = shown
    return Object.freeze(copy)
  }

  // Of what keeps its state to itself, all counts as read as soon as the call holds it.
  #touchUnseen(shadow: Shadow): void {
    const { object } = shadow
    const encode = encodingOf(object)
    if (encode !== undefined) this.hidden.keep(shadow, () => encode(object))
    else if (types.isRegExp(object) && (object.global || object.sticky))
      this.hidden.keep(shadow, () => object.lastIndex)
    else return
    this.memory.read(shadow, WHOLE, this.show)
  }
}

/** How an instance that hides its state crosses to workers. */
export function encodingOf(object: object): ((instance: object) => unknown) | undefined {
  const prototype = Object.getPrototypeOf(object) as object | null
  return prototype === null ? undefined : serializableOf(prototype)?.options.encode
}

// What a proxy cannot stand for: methods of the language, or the object's own #private fields, need the object itself.
function isItself(object: object): boolean {
  return (
    types.isMap(object) ||
    types.isSet(object) ||
    types.isDate(object) ||
    types.isRegExp(object) ||
    types.isAnyArrayBuffer(object) ||
    types.isDataView(object) ||
    types.isBoxedPrimitive(object) ||
    types.isPromise(object) ||
    types.isProxy(object) ||
    types.isWeakMap(object) ||
    types.isWeakSet(object) ||
    isFuture(object) ||
    object instanceof DOMException ||
    encodingOf(object) !== undefined
  )
}

/** Tells the shadow memory what a call does to an object. */
class Traps implements ProxyHandler<object> {
  readonly #shadow: Shadow
  readonly #membrane: Membrane
  readonly #memory: Memory

  constructor(shadow: Shadow, membrane: Membrane) {
    this.#shadow = shadow
    this.#membrane = membrane
    this.#memory = membrane.memory
  }

  get(target: object, key: PropertyKey, receiver: unknown): unknown {
    const shadow = this.#shadow
    if (typeof key !== 'symbol') this.#memory.read(shadow, key, this.get)
    const guard = shadow.known(key)?.guard
    const value: unknown = guard === undefined ? Reflect.get(target, key, receiver) : guard.value
    return typeof value !== 'object' || value === null || isFixed(target, key)
      ? value
      : this.#membrane.show(value, shadow, key)
  }

  set(target: object, key: PropertyKey, value: unknown, receiver: unknown): boolean {
    const guard = this.#shadow.known(key)?.guard
    if (guard === undefined && hasAccessor(target, key)) return Reflect.set(target, key, value, receiver)
    this.#noteWrite(target, key, value, this.set)
    const published = this.#membrane.publish(value)
    if (guard === undefined)
      return inEarnest(this.set, () => {
        ;(target as Record<PropertyKey, unknown>)[key] = published
      })
    guard.value = published
    return true
  }

  has(target: object, key: PropertyKey): boolean {
    this.#memory.read(this.#shadow, key, this.has)
    return Reflect.has(target, key)
  }

  deleteProperty(target: object, key: PropertyKey): boolean {
    if (Object.hasOwn(target, key)) this.#memory.take(this.#shadow, key, this.deleteProperty)
    else this.#memory.write(this.#shadow, key, this.deleteProperty)
    this.#dropGuard(key)
    return inEarnest(this.deleteProperty, () => {
      delete (target as Record<PropertyKey, unknown>)[key]
    })
  }

  ownKeys(target: object): (string | symbol)[] {
    this.#memory.read(this.#shadow, KEYS, this.ownKeys)
    return Reflect.ownKeys(target)
  }

  getOwnPropertyDescriptor(target: object, key: PropertyKey): PropertyDescriptor | undefined {
    this.#memory.read(this.#shadow, key, this.getOwnPropertyDescriptor)
    const property = Reflect.getOwnPropertyDescriptor(target, key)
    const guard = this.#shadow.known(key)?.guard
    if (property === undefined || !property.configurable || (guard === undefined && !('value' in property)))
      return property
    const { value, writable } = guard === undefined ? property : { value: guard.value, writable: true }
    return {
      value: this.#membrane.show(value, this.#shadow, key),
      writable: writable!,
      enumerable: property.enumerable!,
      configurable: true,
    }
  }

  defineProperty(target: object, key: PropertyKey, property: PropertyDescriptor): boolean {
    this.#noteWrite(target, key, property.value, this.defineProperty)
    const guard = this.#shadow.known(key)?.guard
    this.#dropGuard(key)
    if (guard !== undefined) Object.defineProperty(target, key, { value: guard.value, writable: true })
    const made = 'value' in property ? { ...property, value: this.#membrane.publish(property.value) } : property
    return inEarnest(this.defineProperty, () => Object.defineProperty(target, key, made))
  }

  preventExtensions(target: object): boolean {
    this.#memory.write(this.#shadow, KEYS, this.preventExtensions)
    return Reflect.preventExtensions(target)
  }

  #noteWrite(target: object, key: PropertyKey, value: unknown, above: Function): void {
    const memory = this.#memory
    const shadow = this.#shadow
    if (Array.isArray(target)) {
      if (key === 'length') {
        const gone = Object.keys(target).filter((index) => Number(index) >= Number(value))
        for (const index of gone) {
          memory.take(shadow, index, above)
          this.#dropGuard(index)
        }
      } else if (!Object.hasOwn(target, key)) memory.write(shadow, 'length', above)
    }
    if (!Object.hasOwn(target, key)) memory.write(shadow, KEYS, above)
    memory.write(shadow, key, above)
  }

  #dropGuard(key: PropertyKey): void {
    const place = this.#shadow.known(key)
    if (place !== undefined) place.guard = undefined
  }
}

function isFixed(target: object, key: PropertyKey): boolean {
  if (Object.isExtensible(target)) return false
  const property = Object.getOwnPropertyDescriptor(target, key)
  return property?.configurable === false && property.writable === false
}

function hasAccessor(target: object, key: PropertyKey): boolean {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const property = Object.getOwnPropertyDescriptor(at, key)
    if (property !== undefined) return property.set !== undefined || property.get !== undefined
  }
  return false
}

// What refuses a write does so in the words in which it would without a proxy: these are the method's own error.
function inEarnest(trap: Function, act: () => void): true {
  try {
    act()
    return true
  } catch (error) {
    Error.captureStackTrace(error as Error, trap)
    throw error
  }
}
