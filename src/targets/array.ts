import { isFuture } from '../future.js'
import { markTarget, type Target } from '../target.js'
import { holdsFutureOf, readSlot, settledSlot, slotFor } from './slot.js'

/**
 * An Array that takes results of concurrent calls: `this.results.push(this.process(…))`, `this.results[i] = this.process(…)`.
 *
 * Reading an element whose value is not there yet waits for it inside a `@synchronized` method that is not `async`; anywhere
 * else it throws a PendingReadError. Methods that make a new array (`map`, `filter`, `slice`, …) make a plain one.
 *
 * @example
 * readonly rows = new TrackedArray<Row>()
 */
export class TrackedArray<V> extends Array<V> {
  /** @param items elements to begin with; a single number is a length, as for `Array` */
  constructor(...items: (V | PromiseLike<V>)[]) {
    super()
    const { self } = new Elements(this)
    if (items.length === 1 && typeof items[0] === 'number') self.length = items[0]
    else self.push(...(items as V[]))
    // biome-ignore lint/correctness/noConstructorReturn: only the proxy sees access by index
    return self as this
  }

  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  /** Appends values, or the results of calls as soon as they are committed. */
  override push(...values: (V | PromiseLike<V>)[]): number {
    const elements = elementsOf(this)
    for (const value of values) elements.put(elements.held.length, value)
    return elements.held.length
  }

  /** Puts a value at an index, or the result of a call as soon as it is committed. */
  set(index: number, value: V | PromiseLike<V>): this {
    elementsOf(this).put(index, value)
    return this
  }

  /** Whether the value of an element is not there yet. */
  isPending(index: number): boolean {
    return isFuture(elementsOf(this).held[index])
  }

  /** The value of an element, as soon as it is there; rejects with the error that took its place. */
  settled(index: number): Promise<V | undefined> {
    return settledSlot(elementsOf(this).held[index])
  }
}

const byProxy = new WeakMap<object, Elements>()

function elementsOf(array: object): Elements {
  return byProxy.get(array)!
}

/** What an array holds, Futures included, and the proxy through which users see it. */
class Elements implements Target, ProxyHandler<unknown[]> {
  readonly held: unknown[]
  readonly self: unknown[]

  constructor(held: unknown[]) {
    this.held = held
    this.self = markTarget(new Proxy(held, this))
    byProxy.set(this.self, this)
  }

  put(index: number, value: unknown): void {
    this.held[index] = slotFor(value, this, String(index))
  }

  fill(key: string, call: object, value: unknown): void {
    if (holdsFutureOf(this.held[key as never], call)) this.held[key as never] = value as never
  }

  get(held: unknown[], key: string | symbol, receiver: unknown): unknown {
    return readSlot(Reflect.get(held, key, receiver), this, () => `[${String(key)}]`)
  }

  set(held: unknown[], key: string | symbol, value: unknown, receiver: unknown): boolean {
    if (receiver !== this.self) return Reflect.set(held, key, value, receiver)
    return Reflect.set(held, key, slotFor(value, this, key))
  }

  defineProperty(held: unknown[], key: string | symbol, property: PropertyDescriptor): boolean {
    if (!('value' in property)) return Reflect.defineProperty(held, key, property)
    return Reflect.defineProperty(held, key, { ...property, value: slotFor(property.value, this, key) })
  }
}
