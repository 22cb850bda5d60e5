import { types } from 'node:util'
import type { Memory } from './memory.js'
import type { Place, Shadow } from './place.js'

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

  #lift(place: Place): void {
    const { object } = place.shadow
    const { guard } = place
    this.#guarded.delete(place)
    // A call has taken it away, or put something else there.
    if (guard === undefined) return
    place.guard = undefined
    const property = descriptorOf(object, place.key as string)
    // So has the caller, and the accessor with it.
    if (property === undefined) this.#memory.foundChanged(place)
    if (property?.get === undefined || !property.configurable) return
    Object.defineProperty(object, place.key as string, {
      value: guard.value,
      writable: true,
      enumerable: property.enumerable!,
      configurable: true,
    })
  }

  #guard(place: Place, object: object): void {
    const key = place.key as string
    const { value, enumerable } = descriptorOf(object, key)!
    const guard = { value: value as unknown }
    const memory = this.#memory
    const get = () => {
      memory.read(place.shadow, key, get)
      return guard.value
    }
    const set = (to: unknown) => {
      if (!Object.is(to, guard.value) || place.writers.length > 0) memory.write(place.shadow, key, set, to)
      guard.value = to
    }
    Object.defineProperty(object, key, { get, set, enumerable: enumerable!, configurable: true })
    place.guard = guard
    this.#guarded.add(place)
  }
}

// As it is when nobody watches.
const { getOwnPropertyDescriptor: descriptorOf } = Object

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
