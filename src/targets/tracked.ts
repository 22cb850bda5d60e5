import { type Content, markTarget, type Target } from '../target.js'
import { step } from '../values/path.js'
import { awaitChanges } from './changers.js'
import { holdsFutureOf, readSlot, slotFor } from './slot.js'

/**
 * Makes an object a target at every depth: `tracked({})[lat][lon] = this.process(lat, lon)`. Plain objects and arrays within
 * it are tracked as well, however they came there.
 *
 * As an argument of a concurrent call it crosses as the plain object that it is. Reading it then waits for the calls that may
 * change it, as reading a pending place does: inside a `@synchronized` method that is not `async`; anywhere else it throws a
 * PendingReadError.
 *
 * A table that begins as `{}` grows rows: reading a row that is not there gives one that comes to be with the first
 * assignment into it. As soon as a row holds anything else than rows, what is missing in it is `undefined` again.
 *
 * @param value a plain object or an array; it is written to, so keep the result and not the value
 * @throws {TypeError} for anything else; for a Map there is TrackedMap
 * @example
 * readonly grid = tracked<Record<number, Record<number, Cell>>>({})
 */
export function tracked<T extends object>(value: T): T {
  if (typeof value !== 'object' || value === null || !isPlain(value)) {
    const what =
      typeof value === 'object' && value !== null
        ? `an instance of ${value.constructor?.name ?? 'a class'}`
        : String(value)
    throw new TypeError(
      `Cannot track ${what}: tracked() takes a plain object or an array. For a Map there is TrackedMap.`,
    )
  }
  return (originals.has(value) ? value : proxyOf(value, Object.keys(value).length === 0 && !Array.isArray(value))) as T
}

const proxies = new WeakMap<object, object>()
const originals = new WeakMap<object, object>()

function proxyOf(value: object, grows = false, root?: Tree): object {
  return proxies.get(value) ?? new Tree(value, grows, root).proxy
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === Object.prototype || prototype === null
}

/** One object of a tracked tree. */
class Tree implements Target, Content, ProxyHandler<Record<PropertyKey, unknown>> {
  readonly proxy: object
  readonly self: object
  readonly held: Record<PropertyKey, unknown>
  readonly #root: Tree
  // Holds nothing but rows: what is missing grows.
  #grows: boolean
  // Rows that have been grown and not written to: whoever reads one again gets the same.
  readonly #rows = new Map<string, Tree>()
  // Where a row that has just been grown belongs.
  #place: { readonly table: Tree; readonly key: string } | undefined

  constructor(held: object, grows: boolean, root?: Tree) {
    this.held = held as Record<PropertyKey, unknown>
    this.#grows = grows
    this.proxy = markTarget(new Proxy(this.held, this), this)
    this.#root = root ?? this
    this.self = this.#root.proxy
    proxies.set(held, this.proxy)
    originals.set(this.proxy, held)
  }

  fill(key: PropertyKey, call: object, value: unknown): void {
    if (holdsFutureOf(this.held[key], call)) this.held[key] = value
  }

  adopt(child: object): void {
    if (isPlain(child)) proxyOf(child, false, this.#root)
  }

  written(key: unknown, value: unknown): void {
    this.#settle()
    this.#forget(key as string)
    if (typeof value !== 'object' || value === null || !isPlain(value)) this.#grows = false
  }

  get(held: Record<PropertyKey, unknown>, key: string | symbol, receiver: unknown): unknown {
    const slot = () => this.#path() + step(held, key)
    // Whether a promise resolves with it or with what it would promise is asked without the program's doing.
    if (typeof key === 'string' && key !== 'then') awaitChanges(held, this.self, slot)
    const value = readSlot(Reflect.get(held, key, receiver), this, slot)
    if (value === undefined && this.#grows && typeof key === 'string' && !(key in held)) return this.#row(key)
    return typeof value === 'object' && value !== null && isPlain(value) && isOpen(held, key)
      ? proxyOf(value, false, this.#root)
      : value
  }

  has(held: Record<PropertyKey, unknown>, key: string | symbol): boolean {
    awaitChanges(held, this.self, () => this.#path() + step(held, key))
    return Reflect.has(held, key)
  }

  ownKeys(held: Record<PropertyKey, unknown>): (string | symbol)[] {
    awaitChanges(held, this.self, () => this.#path())
    return Reflect.ownKeys(held)
  }

  getOwnPropertyDescriptor(held: Record<PropertyKey, unknown>, key: string | symbol): PropertyDescriptor | undefined {
    awaitChanges(held, this.self, () => this.#path() + step(held, key))
    return Reflect.getOwnPropertyDescriptor(held, key)
  }

  set(held: Record<PropertyKey, unknown>, key: string | symbol, value: unknown, receiver: unknown): boolean {
    if (receiver !== this.proxy) return Reflect.set(held, key, value, receiver)
    return Reflect.set(held, key, this.#take(value, key))
  }

  defineProperty(held: Record<PropertyKey, unknown>, key: string | symbol, property: PropertyDescriptor): boolean {
    if (!('value' in property)) return Reflect.defineProperty(held, key, property)
    return Reflect.defineProperty(held, key, { ...property, value: this.#take(property.value, key) })
  }

  #take(value: unknown, key: PropertyKey): unknown {
    const taken = (typeof value === 'object' && value !== null && originals.get(value)) || value
    this.written(key, taken)
    return slotFor(taken, this, key)
  }

  #path(): string {
    return pathTo(this.held, this.#root.held) ?? ''
  }

  #row(key: string): object {
    let row = this.#rows.get(key)
    if (row === undefined) {
      row = new Tree({}, true, this.#root)
      row.#place = { table: this, key }
      this.#rows.set(key, row)
    }
    return row.proxy
  }

  // Something else takes the place of a row that was never written to.
  #forget(key: string): void {
    const row = this.#rows.get(key)
    if (row !== undefined) row.#place = undefined
    this.#rows.delete(key)
  }

  // A grown row takes its place with the first assignment into it.
  #settle(): void {
    if (this.#place === undefined) return
    const { table, key } = this.#place
    this.#place = undefined
    table.#settle()
    table.#rows.delete(key)
    table.held[key] = this.held
  }
}

// A proxy must show what is frozen as it is.
function isOpen(held: object, key: PropertyKey): boolean {
  const property = Object.getOwnPropertyDescriptor(held, key)
  return property !== undefined && (property.configurable === true || property.writable === true)
}

// Where an object is in a tree at present, for errors: it may have been moved since it was first seen.
function pathTo(wanted: object, from: object, seen = new Set<object>()): string | undefined {
  if (wanted === from) return ''
  seen.add(from)
  for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
    if (typeof value !== 'object' || value === null || seen.has(value) || !isPlain(value)) continue
    const rest = pathTo(wanted, value, seen)
    if (rest !== undefined) return step(from, key) + rest
  }
  return undefined
}
