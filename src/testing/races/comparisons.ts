import assert from 'node:assert'
import util, { types } from 'node:util'
import { isData } from './data.js'
import { KEYS, type Shadow } from './place.js'
import { isObject, type Telling } from './telling.js'
import { tracedTo } from './trace.js'

/**
 * Has the deep comparisons of Node.js see what is behind proxies of typed arrays and errors, and tell what they read of what they
 * look into without asking it: typed arrays, buffers, Maps, Sets, Dates and errors. Of plain objects the proxies tell.
 */
export function tellOfComparisons(telling: Telling): void {
  const { membrane } = telling
  const { memory } = membrane
  for (const [holder, names] of [
    [util, ['isDeepStrictEqual']],
    [assert, COMPARISONS],
    [assert.strict, COMPARISONS],
  ] as const)
    for (const name of names)
      telling.instead(
        holder,
        name,
        (native) =>
          function told(this: unknown, ...args: unknown[]): unknown {
            const [one, other, ...rest] = args
            // One and the same it does not look into.
            const isSame = membrane.raw(one) === membrane.raw(other)
            if (memory.isMuted || args.length < 2 || isSame) return native.apply(this, args)
            const { bareOf } = new Bare(telling, told)
            return tracedTo(told, () =>
              membrane.showAs(bareOf, () => native.call(this, bareOf(one), bareOf(other), ...rest)),
            )
          },
      )
}

const COMPARISONS = ['deepEqual', 'deepStrictEqual', 'notDeepEqual', 'notDeepStrictEqual', 'partialDeepStrictEqual']

/** What a comparison is given in the place of what the program gives it. */
class Bare {
  readonly #telling: Telling
  readonly #above: Function
  readonly #known = new Map<object, unknown>()

  constructor(telling: Telling, above: Function) {
    this.#telling = telling
    this.#above = above
  }

  /** A value, or a copy of it where it holds what a comparison would not take for what it is. */
  readonly bareOf = <T>(value: T): T => {
    if (!isObject(value)) return value
    if (!this.#known.has(value)) {
      // It may hold itself: found within, it stands for itself.
      this.#known.set(value, value)
      this.#known.set(value, this.#bareOf(value))
    }
    return this.#known.get(value) as T
  }

  #bareOf(value: object): unknown {
    const { membrane } = this.#telling
    const { memory } = membrane
    const raw = membrane.raw(value)
    if (isData(raw)) {
      this.#telling.readAll(raw, this.#above)
      return raw
    }
    const shadow = memory.known(raw)
    if (types.isDate(raw)) {
      if (shadow !== undefined) memory.read(shadow, 'time', this.#above)
      return raw
    }
    if (types.isNativeError(raw)) {
      if (shadow !== undefined) for (const key of [KEYS, ...ownKeys(raw)]) memory.read(shadow, key, this.#above)
      return raw
    }
    if (types.isMap(raw)) return this.#bareMap(raw, shadow)
    if (types.isSet(raw)) return this.#bareSet(raw, shadow)
    // Its proxy asks for the rest.
    if (raw !== value) return value
    const isPlain = Array.isArray(raw) || toString.call(raw) === '[object Object]'
    return isPlain ? this.#bareObject(raw, shadow) : raw
  }

  #bareMap(map: Map<unknown, unknown>, shadow: Shadow | undefined): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>()
    let isOther = false
    if (shadow !== undefined) this.#read(shadow, KEYS)
    for (const [key, item] of entriesOf.call(map)) {
      if (shadow !== undefined) this.#read(shadow, key)
      const [bareKey, bareItem] = [this.#partOf(key, shadow, '(a key)'), this.#partOf(item, shadow, key)]
      isOther ||= bareKey !== key || bareItem !== item
      setIn.call(copy, bareKey, bareItem)
    }
    return isOther ? like(map, copy) : map
  }

  #bareSet(set: Set<unknown>, shadow: Shadow | undefined): Set<unknown> {
    const copy = new Set<unknown>()
    let isOther = false
    if (shadow !== undefined) this.#read(shadow, KEYS)
    for (const member of membersOf.call(set)) {
      if (shadow !== undefined) this.#read(shadow, member)
      const bare = this.#partOf(member, shadow, '(a member)')
      isOther ||= bare !== member
      addTo.call(copy, bare)
    }
    return isOther ? like(set, copy) : set
  }

  #bareObject(object: object, shadow: Shadow | undefined): object {
    const properties: [PropertyKey, PropertyDescriptor][] = []
    let isOther = false
    for (const key of ownKeys(object)) {
      const property = descriptorOf(object, key)!
      const place = shadow?.known(key)
      const value: unknown = place?.isGuarded ? place.guard!.value : property.value
      const bare = this.bareOf(value)
      isOther ||= bare !== value
      properties.push([
        key,
        place?.isGuarded || 'value' in property
          ? { value: bare, enumerable: property.enumerable!, writable: true, configurable: true }
          : property,
      ])
    }
    if (!isOther) return object
    if (shadow !== undefined) for (const key of [KEYS, ...ownKeys(object)]) this.#read(shadow, key)
    const copy = like(object, Array.isArray(object) ? new Array(object.length) : {})
    for (const [key, property] of properties)
      if (key !== 'length' || !Array.isArray(object)) define(copy, key, property)
    return copy
  }

  #read(shadow: Shadow, key: unknown): void {
    this.#telling.membrane.memory.read(shadow, key, this.#above)
  }

  #partOf(part: unknown, shadow: Shadow | undefined, key: unknown): unknown {
    return this.bareOf(shadow === undefined ? part : this.#telling.membrane.show(part, shadow, key))
  }
}

function like<T extends object>(object: object, copy: T): T {
  return Object.setPrototypeOf(copy, Object.getPrototypeOf(object) as object | null) as T
}

// As they are when nobody watches.
const { getOwnPropertyDescriptor: descriptorOf, defineProperty: define } = Object
const { toString } = Object.prototype
const { ownKeys } = Reflect
const { entries: entriesOf, set: setIn } = Map.prototype
const { values: membersOf, add: addTo } = Set.prototype
