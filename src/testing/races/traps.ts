import type { Memory } from './memory.js'
import { type Guard, KEYS, type Shadow } from './place.js'
import type { Showing } from './showing.js'

/** Traps of the proxy through which calls see an object: they tell the shadow memory what is done to it. */
export function trapsFor(shadow: Shadow, membrane: Showing): ProxyHandler<object> {
  return new Traps(shadow, membrane)
}

class Traps implements ProxyHandler<object> {
  readonly #shadow: Shadow
  readonly #membrane: Showing
  readonly #memory: Memory

  constructor(shadow: Shadow, membrane: Showing) {
    this.#shadow = shadow
    this.#membrane = membrane
    this.#memory = membrane.memory
  }

  get(target: object, key: PropertyKey, receiver: unknown): unknown {
    const shadow = this.#shadow
    if (typeof key !== 'symbol') this.#memory.read(shadow, key, this.get)
    const guard = this.#guardOf(key)
    const value: unknown = guard === undefined ? Reflect.get(target, key, receiver) : guard.value
    return typeof value !== 'object' || value === null || isFixed(target, key)
      ? value
      : this.#membrane.show(value, shadow, key)
  }

  set(target: object, key: PropertyKey, value: unknown, receiver: unknown): boolean {
    const guard = this.#guardOf(key)
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
    this.#guardOf(key)
    return Reflect.has(target, key)
  }

  deleteProperty(target: object, key: PropertyKey): boolean {
    this.#guardOf(key)
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
    const guard = this.#guardOf(key)
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
    const guard = this.#guardOf(key)
    this.#noteWrite(target, key, property.value, this.defineProperty)
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
    if (Array.isArray(target) && key === 'length') {
      const gone = Object.keys(target).filter((index) => Number(index) >= Number(value))
      for (const index of gone) {
        memory.take(shadow, index, above)
        this.#dropGuard(index)
      }
    }
    if (!Object.hasOwn(target, key)) memory.write(shadow, KEYS, above)
    memory.write(shadow, key, above)
  }

  // The accessor in the place of a property, unless the caller has taken it away, or put something else there.
  #guardOf(key: PropertyKey): Guard | undefined {
    const place = this.#shadow.known(key)
    if (place?.guard === undefined || place.isGuarded) return place?.guard
    place.guard = undefined
    this.#memory.foundChanged(place)
    return undefined
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
