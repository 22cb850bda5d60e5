import { types } from 'node:util'
import { isTarget } from '../../target.js'
import type { Memory } from './memory.js'
import type { Guard, Place, Shadow } from './place.js'

/**
 * Accessors that stand, until the next synchronization event, in the places that calls have touched on the caller's own
 * objects: so the caller's reads and writes are seen, too, though it holds the objects themselves.
 */
export class Guards {
  readonly #memory: Memory
  readonly #guarded = new Set<Place>()
  // Array lengths, which no accessor can stand for.
  readonly #lengths = new Map<Place, number>()
  // Properties that are not there.
  readonly #absent = new Set<Place>()

  constructor(memory: Memory) {
    this.#memory = memory
  }

  /** Guards what a call has touched, now that the caller goes on. */
  put(places: Iterable<Place>): void {
    for (const place of places) {
      const { object } = place.shadow
      this.#absent.delete(place)
      if (place.key === 'length' && Array.isArray(object)) this.#lengths.set(place, object.length)
      else if (isAbsent(place)) this.#absent.add(place)
      else if (place.guard === undefined && isGuardable(place.shadow, place.key)) this.#guard(place, object)
    }
  }

  /** Guards all that calls can reach which go on while their caller does. */
  putOn(objects: Iterable<unknown>): void {
    for (const object of objects) {
      if (typeof object !== 'object' || object === null || ArrayBuffer.isView(object) || isTarget(object)) continue
      this.#memory.shadowOf(object)
      if (!hasProperties(object, '')) continue
      for (const key of keysOf(object)) {
        const place = this.#memory.reachable(object, key)
        if (place.guard === undefined && isGuardable(place.shadow, key)) this.#guard(place, object)
      }
    }
  }

  /** Looks for what the caller has changed where no accessor could stand. */
  check(): void {
    for (const [place, length] of this.#lengths) {
      const { length: now } = place.shadow.object as unknown[]
      if (now !== length) this.#memory.foundChanged(place)
      this.#lengths.set(place, now)
    }
    for (const place of this.#absent) {
      if (isAbsent(place)) continue
      this.#absent.delete(place)
      this.#memory.foundChanged(place)
    }
  }

  /** Takes away all accessors, or those of one object. */
  lift(object?: object): void {
    for (const place of this.#guarded) if (object === undefined || place.shadow.object === object) this.#lift(place)
    if (object !== undefined) return
    this.#lengths.clear()
    this.#absent.clear()
  }

  /** A property as it would be without an accessor in its place. */
  ownProperty(object: object, key: PropertyKey): PropertyDescriptor | undefined {
    const property = descriptorOf(object, key)
    const place = property?.get && this.#memory.known(object)?.known(key)
    return place?.isGuarded ? dataProperty(place.guard!.value, property!.enumerable!) : property
  }

  /** The caller defines a property itself: it finds no accessor there. `above` is whom it called. */
  redefine<T>(object: object, key: PropertyKey, redefine: () => T, above: Function): T {
    const place = this.#memory.known(object)?.known(key)
    if (!place?.isGuarded) return redefine()
    this.#memory.write(place.shadow, key, above)
    define(object, key, this.ownProperty(object, key)!)
    place.guard = undefined
    try {
      return redefine()
    } finally {
      this.put([place])
    }
  }

  #lift(place: Place): void {
    const { object } = place.shadow
    const { guard } = place
    this.#guarded.delete(place)
    // A call has taken it away, or put something else there.
    if (guard === undefined) return
    const { isGuarded } = place
    place.guard = undefined
    if (!isGuarded) {
      // So has the caller.
      this.#memory.foundChanged(place)
      return
    }
    const { enumerable, configurable } = descriptorOf(object, place.key as string)!
    if (configurable) define(object, place.key as string, dataProperty(guard.value, enumerable!))
  }

  #guard(place: Place, object: object): void {
    const key = place.key as string
    const { value, enumerable } = descriptorOf(object, key)!
    const memory = this.#memory
    const get = () => {
      memory.read(place.shadow, key, get)
      return guard.value
    }
    const guard: Guard = { value, get }
    const set = (to: unknown) => {
      if (!Object.is(to, guard.value) || place.writers.length > 0) memory.write(place.shadow, key, set, to)
      guard.value = to
    }
    define(object, key, { get, set, enumerable: enumerable!, configurable: true })
    place.guard = guard
    this.#guarded.add(place)
  }
}

// As it is when nobody watches.
const { getOwnPropertyDescriptor: descriptorOf, defineProperty: define, keys: keysOf } = Object

const dataProperty = (value: unknown, enumerable: boolean): PropertyDescriptor => ({
  ...{ value, writable: true, enumerable, configurable: true },
})

function hasProperties(object: object, key: unknown): boolean {
  return typeof key !== 'symbol' && !types.isMap(object) && !types.isSet(object) && !types.isDate(object)
}

// What a class lends to its instances, nobody puts into one of them.
function isAbsent({ shadow: { object }, key }: Place): boolean {
  return hasProperties(object, key) && !((key as string) in object)
}

function isGuardable({ object }: Shadow, key: unknown): boolean {
  if (!hasProperties(object, key)) return false
  const property = descriptorOf(object, key as string)
  return property?.configurable === true && property.writable === true
}
