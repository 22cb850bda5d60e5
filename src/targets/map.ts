import { type InspectOptions, inspect } from 'node:util'
import { isFuture } from '../future.js'
import { markTarget, type Target } from '../target.js'
import { step } from '../values/path.js'
import { holdsFutureOf, readSlot, settledSlot, slotFor } from './slot.js'

/**
 * A Map that takes results of concurrent calls: `this.results.set(key, this.process(…))`. It iterates in the order of its
 * `set` calls, whenever their values arrive.
 *
 * Reading an entry whose value is not there yet waits for it inside a `@synchronized` method that is not `async`; anywhere
 * else it throws a PendingReadError. `has`, `keys`, `size`, `delete` and `clear` read no value and never wait.
 *
 * @example
 * readonly results = new TrackedMap<string, number>()
 */
export class TrackedMap<K, V> extends Map<K, V> {
  readonly #target = new Entries<K, V>(this)

  /** @param entries keys and values to begin with */
  constructor(entries?: Iterable<readonly [K, V | PromiseLike<V>]> | null) {
    super()
    markTarget(this)
    for (const [key, value] of entries ?? []) this.set(key, value)
  }

  static override get [Symbol.species](): MapConstructor {
    return Map
  }

  /** Puts in a value, or the result of a call as soon as it is committed. */
  override set(key: K, value: V | PromiseLike<V>): this {
    return super.set(key, slotFor(value, this.#target, key) as V)
  }

  /** @throws {PendingReadError} where the value is not there yet and the thread may not block */
  override get(key: K): V | undefined {
    return this.#read(key, super.get(key))
  }

  /** Whether the value of an entry is not there yet. */
  isPending(key: K): boolean {
    return isFuture(super.get(key))
  }

  /** The value of an entry, as soon as it is there; rejects with the error that took its place. */
  settled(key: K): Promise<V | undefined> {
    return settledSlot(super.get(key))
  }

  override forEach(visit: (value: V, key: K, map: Map<K, V>) => void, thisArg?: unknown): void {
    super.forEach((held, key) => visit.call(thisArg, this.#read(key, held), key, this))
  }

  override *entries(): MapIterator<[K, V]> {
    for (const [key, held] of super.entries()) yield [key, this.#read(key, held)]
  }

  override *values(): MapIterator<V> {
    for (const [key, held] of super.entries()) yield this.#read(key, held)
  }

  override [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }

  // Looking at a map in a log neither waits nor throws.
  [inspect.custom](_: number, options: InspectOptions): string {
    return `Tracked${inspect(new Map(super.entries()), options)}`
  }

  // `undefined` is no Future: this also reads what is not there.
  #read<T>(key: K, held: T): T {
    return readSlot(held, this.#target, () => step(this, key))
  }
}

const { get, set } = Map.prototype

/** The entries of a map as calls fill them: a class of its own, because V8 throws away code that it has made for the closures of a map that is gone. */
class Entries<K, V> implements Target {
  readonly self: Map<K, V>

  constructor(self: Map<K, V>) {
    this.self = self
  }

  fill(key: K, call: object, value: V): void {
    if (holdsFutureOf(get.call(this.self, key), call)) set.call(this.self, key, value)
  }
}
