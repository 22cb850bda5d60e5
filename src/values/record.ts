import { types } from 'node:util'
import type { Change, Reads } from '../protocol.js'
import { inspectable } from './blind.js'
import type { Graph } from './graph.js'
import { hasHiddenState, lockOf } from './kinds.js'
import { own } from './properties.js'
import { type Watcher, watch, whileWatching } from './watch.js'
import { Written } from './written.js'

interface ReadsOf {
  // Names of properties, keys of a Map, members of a Set.
  readonly keys: Set<unknown>
  // It listed or counted them: one more, or one less, would have been seen.
  hasListed: boolean
  // It was handed something of which nobody sees what is read.
  isWhole: boolean
}

/**
 * Shows a method the objects of a graph and notes what it reads of them. Plain objects, arrays and instances are seen
 * through proxies. Maps and Sets are themselves, because the language's methods work on nothing else; while a call is
 * recorded, these methods tell. What is read unseen (bytes, dates, `#private` fields) counts as read as a whole as soon as
 * the method holds it.
 */
export class Recorder implements Watcher {
  readonly #nodes: Set<object>
  readonly #hidden: Set<object>
  readonly #reads = new Map<object, ReadsOf>()
  readonly #written = new Written()
  readonly #proxies = new Map<object, object>()
  readonly #originals = new WeakMap<object, object>()
  #isBlind = false

  constructor(graphs: readonly Graph[]) {
    this.#nodes = new Set(graphs.flatMap(({ described }) => described))
    this.#hidden = new Set(
      graphs.flatMap(({ nodes, encoded }) => nodes.filter((_, i) => hasHiddenState(encoded.kinds[i]!))),
    )
  }

  /** What was read of each object; `undefined` if it cannot be told. */
  get reads(): readonly Reads[] | undefined {
    if (this.#isBlind) return undefined
    return [...this.#reads].map(([object, { keys, hasListed, isWhole }]) => [object, [...keys], hasListed, isWhole])
  }

  /** All that was written, where `differences` are what made one to the objects that the call saw. */
  patch(differences: readonly Change[]): Change[] {
    return this.#written.patch(differences)
  }

  /** The object behind a proxy. */
  readonly instead = { get: (value: object): object | undefined => this.#originals.get(value) }

  /** Lets `run` see recorded Maps and Sets, until what it returns is settled. */
  during<T>(run: () => T): T {
    return whileWatching(this, run)
  }

  /** The object as the method is to see it. */
  show<T>(value: T): T {
    if (typeof value !== 'object' || value === null || !this.#nodes.has(value)) return value
    const known = this.#proxies.get(value)
    if (known !== undefined) return known as T
    let shown: object = value
    if (lockOf(value) > 0) this.#isBlind = true
    else if (types.isMap(value) || types.isSet(value)) this.#watch(value)
    else if (isOpaque(value) || this.#hidden.has(value)) {
      this.#readWhole(value)
      if (this.#leadsOn(value)) this.#isBlind = true
    } else shown = Object.getPrototypeOf(value) === null ? this.#proxyOfBare(value) : new Proxy(value, this.#traps)
    this.#proxies.set(value, shown)
    if (shown !== value) this.#originals.set(shown, value)
    return shown as T
  }

  original<T>(value: T): T {
    return ((typeof value === 'object' && value !== null && this.#originals.get(value)) || value) as T
  }

  /** Notes that a key was read, unless the call itself wrote it before. */
  read(holder: object, key: unknown): void {
    if (!this.#written.has(holder, key)) this.#of(holder).keys.add(key)
  }

  list(holder: object): void {
    this.#of(holder).hasListed = true
  }

  write(holder: object, key: unknown): void {
    this.#written.set(holder, key)
  }

  remove(holder: object, key: unknown): void {
    this.#written.delete(holder, key)
  }

  /** Notes that nobody can tell any more what is read. */
  goBlind(): void {
    this.#isBlind = true
  }

  #of(holder: object): ReadsOf {
    let reads = this.#reads.get(holder)
    if (reads === undefined) {
      reads = { keys: new Set(), hasListed: false, isWhole: false }
      this.#reads.set(holder, reads)
    }
    return reads
  }

  #readWhole(value: object): void {
    this.#of(value).isWhole = true
    if (ArrayBuffer.isView(value)) this.#of(value.buffer).isWhole = true
  }

  // `inspect` looks behind proxies, where an object without a prototype has nothing to tell it so: something else stands there, which
  // is made like the object once this is locked, because from then on the two may not differ.
  #proxyOfBare(value: object): object {
    const standIn = Object.create(inspectable) as object
    const traps = Object.entries(this.#traps) as [string, (target: object, ...rest: unknown[]) => unknown][]
    const handler = traps.map(([name, trap]) => {
      const onValue = (_: object, ...rest: unknown[]): unknown => {
        const done = trap(value, ...rest)
        if (CHANGES.has(name) && !Object.isExtensible(value)) mirror(value, standIn)
        return done
      }
      return [name, onValue] as const
    })
    return new Proxy(standIn, { ...Object.fromEntries(handler), getPrototypeOf: () => null })
  }

  // What is reached through something that no proxy shows would be read unseen.
  #leadsOn(value: object): boolean {
    // Bytes with properties of their own do not cross.
    return (
      !ArrayBuffer.isView(value) && Reflect.ownKeys(value).some((key) => this.#nodes.has(own(value, key) as object))
    )
  }

  // The fields of a subclass, and its own methods, would be read unseen.
  #watch(value: object): void {
    const prototype = Object.getPrototypeOf(value) as object
    const isPlain = prototype === Map.prototype || prototype === Set.prototype
    if (isPlain && Reflect.ownKeys(value).length === 0) watch(value, this)
    else this.#isBlind = true
  }

  readonly #traps: ProxyHandler<object> = {
    get: (target, key, receiver) => {
      if (typeof key !== 'symbol') this.read(target, key)
      const value: unknown = Reflect.get(target, key, receiver)
      // What the method has locked must be shown as it is.
      return isFixed(target, key) ? value : this.show(value)
    },
    set: (target, key, value, receiver) => {
      if (hasSetter(target, key)) return Reflect.set(target, key, value, receiver)
      this.write(target, key)
      return inEarnest(this.#traps.set!, () => {
        ;(target as Record<PropertyKey, unknown>)[key] = this.original(value)
      })
    },
    has: (target, key) => {
      this.read(target, key)
      return Reflect.has(target, key)
    },
    deleteProperty: (target, key) => {
      this.remove(target, key)
      return inEarnest(this.#traps.deleteProperty!, () => {
        delete (target as Record<PropertyKey, unknown>)[key]
      })
    },
    preventExtensions: (target) => {
      this.goBlind()
      return Reflect.preventExtensions(target)
    },
    ownKeys: (target) => {
      this.list(target)
      return Reflect.ownKeys(target)
    },
    getOwnPropertyDescriptor: (target, key) => {
      this.read(target, key)
      const property = Reflect.getOwnPropertyDescriptor(target, key)
      return property === undefined || !('value' in property) || !property.configurable
        ? property
        : { ...property, value: this.show(property.value) }
    },
    defineProperty: (target, key, property) => {
      this.write(target, key)
      const own = 'value' in property ? { ...property, value: this.original(property.value) } : property
      return inEarnest(this.#traps.defineProperty!, () => Object.defineProperty(target, key, own))
    },
  }
}

const CHANGES: ReadonlySet<string> = new Set(['set', 'deleteProperty', 'defineProperty', 'preventExtensions'])

// Gives an object what another, which takes no more properties, has.
function mirror(value: object, standIn: object): void {
  if (Object.isExtensible(standIn)) Object.setPrototypeOf(standIn, null)
  for (const key of Reflect.ownKeys(standIn)) if (!Object.hasOwn(value, key)) Reflect.deleteProperty(standIn, key)
  Object.defineProperties(standIn, Object.getOwnPropertyDescriptors(value))
  Object.preventExtensions(standIn)
}

function isFixed(target: object, key: PropertyKey): boolean {
  if (Object.isExtensible(target)) return false
  const property = Object.getOwnPropertyDescriptor(target, key)
  return property?.configurable === false && property.writable === false
}

// What a method has locked refuses in the words in which it would refuse without a proxy: these are the method's own error.
function inEarnest(trap: Function, act: () => void): true {
  try {
    act()
    return true
  } catch (error) {
    Error.captureStackTrace(error as Error, trap)
    throw error
  }
}

function hasSetter(target: object, key: PropertyKey): boolean {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const property = Object.getOwnPropertyDescriptor(at, key)
    if (property !== undefined) return property.set !== undefined || property.get !== undefined
  }
  return false
}

function isOpaque(value: object): boolean {
  return (
    ArrayBuffer.isView(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isBoxedPrimitive(value) ||
    types.isNativeError(value)
  )
}
