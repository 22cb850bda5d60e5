import { inspect, types } from 'node:util'
import { isIndex } from '../values/extras.js'
import { isMoved } from '../values/move.js'
import { step } from '../values/path.js'

/** One place in which two values differ. */
export interface Difference {
  /** How the place is reached: `result.counts[3]`. */
  readonly path: string
  /** What is there, in words. */
  readonly actual: string
  readonly expected: string
}

/** Which objects must stand for which, where both have a history. */
export type Pairs = ReadonlyMap<object, object>

/**
 * Compares values in anything that a program can see. Stricter than `isDeepStrictEqual`: it also compares the order and the
 * attributes of properties, holes, the order of Maps and Sets, how objects refer to each other, what is locked, and which memory
 * views share. What a class keeps private it shows with a method `reveal`. Stacks of errors are left out: they name the place where
 * the error was made. What one of the values was moved to a call, the other may still have.
 */
export class Comparison {
  readonly #pairs: Pairs
  readonly #partners: Set<object>
  readonly #counterparts = new Map<object, object>()
  readonly #taken = new Set<object>()
  readonly #skipsMemory: boolean
  readonly #isMadeAnew: boolean

  /**
   * `skipsMemory` leaves out memory that threads share, which has no past to be compared. `isMadeAnew` says that each of the two was
   * made by a run of the same program: functions and symbols are then two, and Buffers lie elsewhere in the memory of Node.js.
   */
  constructor(pairs: Pairs = new Map(), { skipsMemory = false, isMadeAnew = false } = {}) {
    this.#pairs = pairs
    this.#skipsMemory = skipsMemory
    this.#isMadeAnew = isMadeAnew
    this.#partners = new Set(pairs.values())
  }

  /** The differences of two more values: what they share with those before must be the same in both. */
  *of(actual: unknown, expected: unknown, path: string): Generator<Difference> {
    if (!isObject(actual) || !isObject(expected)) {
      if (!Object.is(actual, expected) && !(this.#isMadeAnew && isAlike(actual, expected)))
        yield { path, actual: show(actual), expected: show(expected) }
      return
    }
    if (isTaken(actual) || isTaken(expected)) return
    const other = this.#identify(actual, expected)
    if (other === 'known') return
    if (other !== undefined) {
      yield { path, actual: other, expected: 'the same object as there' }
      return
    }
    if (this.#skipsMemory && (isMemory(actual) || isMemory(expected))) return
    const [own, its] = [partsOf(actual, this.#isMadeAnew), partsOf(expected, this.#isMadeAnew)]
    for (const name of new Set([...its.facts.keys(), ...own.facts.keys()])) {
      const [is = 'nothing', should = 'nothing'] = [own.facts.get(name), its.facts.get(name)]
      if (is !== should) yield { path: `${path}${path === '' ? '' : ' '}(${name})`, actual: is, expected: should }
    }
    let elements = 0
    for (const [key, part] of its.parts) {
      if (!own.parts.has(key) || (key === BUFFER && elements > 0)) continue
      for (const found of this.of(own.parts.get(key), part, path + key)) {
        elements++
        yield found
      }
    }
    yield* this.#entries(own.entries, its.entries, path, expected)
  }

  // Keys are objects of the program's own: they are compared by their places.
  *#entries(own: Entries, its: Entries, path: string, holder: object): Generator<Difference> {
    for (const [i, [key, value]] of its.entries()) {
      const entry = own[i]
      if (entry === undefined) break
      const found = [...this.of(entry[0], key, `${path} (key ${i})`)]
      yield* found
      if (found.length === 0 && entry.length === 2) yield* this.of(entry[1], value, path + step(holder, key))
    }
  }

  // In words what keeps two objects from standing for each other, if anything does.
  #identify(a: object, b: object): string | undefined {
    if (this.#pairs.has(a) ? this.#pairs.get(a) !== b : this.#partners.has(b)) return 'another object than before'
    if (this.#counterparts.has(a)) return this.#counterparts.get(a) === b ? 'known' : 'another object, seen elsewhere'
    if (this.#taken.has(b)) return 'an object of its own'
    this.#counterparts.set(a, b)
    this.#taken.add(b)
    return undefined
  }
}

/** The first difference of two values, in words; `undefined` if there is none. */
export function difference(actual: unknown, expected: unknown, pairs?: Pairs): string | undefined {
  for (const { path, actual: is, expected: should } of new Comparison(pairs).of(actual, expected, 'value'))
    return `${path}: ${is} instead of ${should}`
  return undefined
}

/** All objects that two values of the same shape lead to, each with its like. */
export function pairsOf(a: unknown, b: unknown, pairs = new Map<object, object>()): Pairs {
  if (!isObject(a) || !isObject(b) || pairs.has(a)) return pairs
  pairs.set(a, b)
  const [own, its] = [partsOf(a), partsOf(b)]
  for (const [key, part] of own.parts) pairsOf(part, its.parts.get(key), pairs)
  for (const [i, entry] of own.entries.entries())
    for (const [j, part] of entry.entries()) pairsOf(part, its.entries[i]?.[j], pairs)
  return pairs
}

const BUFFER = '.buffer'

// Keys and values of a Map, members of a Set.
type Entries = readonly (readonly [key: unknown, value: unknown] | readonly [member: unknown])[]

interface Parts {
  /** What is told in words. */
  readonly facts: ReadonlyMap<string, string>
  /** What else it holds, by how it is reached. */
  readonly parts: ReadonlyMap<string, unknown>
  readonly entries: Entries
}

function partsOf(value: object, isMadeAnew = false): Parts {
  const facts = new Map<string, string>()
  const parts = new Map<string, unknown>()
  const prototype = Object.getPrototypeOf(value) as object | null
  // Classes are compared as they are, not by what they look like.
  facts.set('class', PROTOTYPES.get(prototype) ?? nameOf(prototype))
  facts.set('kind', kindOf(value))
  facts.set('lock', lockOf(value))
  const entries: Entries = types.isMap(value)
    ? [...value]
    : types.isSet(value)
      ? [...value].map((member) => [member])
      : []
  if (types.isMap(value) || types.isSet(value)) facts.set('size', String(entries.length))
  if (types.isDate(value)) facts.set('time', String(value.getTime()))
  if (types.isRegExp(value)) facts.set('pattern', String(value))
  if (types.isBoxedPrimitive(value)) facts.set('primitive', show(value.valueOf()))
  if (types.isArrayBuffer(value)) facts.set('bytes', Buffer.from(value).toString('hex'))
  if (types.isSharedArrayBuffer(value)) facts.set('bytes', Buffer.from(value).toString('hex'))
  if (ArrayBuffer.isView(value)) {
    facts.set('length', `${value.byteLength}`)
    if (!(value instanceof DataView)) describeElements(value as unknown as ArrayLike<unknown>, parts)
    if (!(isMadeAnew && Buffer.isBuffer(value) && value.buffer.byteLength === Buffer.poolSize)) {
      facts.set('offset', `${value.byteOffset}`)
      parts.set(BUFFER, value.buffer)
    }
  }
  if (value instanceof DOMException) facts.set('exception', `${value.name}: ${value.message}`)
  if ('reveal' in value && typeof value.reveal === 'function') parts.set('.reveal()', value.reveal())
  if (value instanceof URL || value instanceof URLSearchParams) facts.set('text', String(value))
  else describeProperties(value, facts, parts)
  return { facts, parts, entries }
}

// The elements first: a difference of theirs says more than one of the buffer.
function describeElements(view: ArrayLike<unknown>, parts: Map<string, unknown>): void {
  for (let i = 0; i < view.length; i++) parts.set(`[${i}]`, view[i])
}

function describeProperties(value: object, facts: Map<string, string>, parts: Map<string, unknown>): void {
  const keys = Reflect.ownKeys(value).filter(
    (key) =>
      !(key === 'stack' && value instanceof Error) &&
      !(ArrayBuffer.isView(value) && /^\d+$/.test(String(key))) &&
      // By which Node.js knows it.
      !(types.isPromise(value) && typeof key === 'symbol'),
  )
  if (Array.isArray(value)) {
    facts.set('length', String(value.length))
    const indices = keys.filter(isIndex)
    if (indices.length < value.length) facts.set('elements', indices.join(', '))
  }
  const names = Array.isArray(value) ? keys.filter((key) => key !== 'length' && !isIndex(key)) : keys
  facts.set('keys', names.map(String).join(', ') || 'none')
  for (const key of keys) {
    const { value: held, ...how } = Object.getOwnPropertyDescriptor(value, key)!
    const { writable = false, enumerable, configurable } = how
    if (!writable || !enumerable || !configurable) facts.set(`attributes of ${String(key)}`, JSON.stringify(how))
    parts.set(step(value, key), held)
  }
}

const PROTOTYPES = new Map<object | null, string>([[null, 'none']])

function nameOf(prototype: object | null): string {
  const name = (prototype as { constructor?: Function }).constructor?.name ?? 'a prototype'
  const others = [...PROTOTYPES.values()].filter((other) => other.replace(/ \(\d+\)$/, '') === name).length
  const unique = others === 0 ? name : `${name} (${others + 1})`
  PROTOTYPES.set(prototype, unique)
  return unique
}

function kindOf(value: object): string {
  if (Array.isArray(value)) return 'array'
  return KINDS.find(([, is]) => (is as (value: object) => boolean)(value))?.[0] ?? 'object'
}

const KINDS = Object.entries(types)
  .filter(([name]) => name !== 'isProxy' && name !== 'isExternal')
  .map(([name, is]) => [name.replace(/^is/, ''), is] as const)

function lockOf(value: object): string {
  if (Object.isExtensible(value)) return 'open'
  return Object.isFrozen(value) ? 'frozen' : Object.isSealed(value) ? 'sealed' : 'not extensible'
}

function isMemory(value: object): boolean {
  return types.isSharedArrayBuffer(ArrayBuffer.isView(value) ? value.buffer : value)
}

function isTaken(value: object): boolean {
  return isMoved(ArrayBuffer.isView(value) ? value.buffer : value)
}

function isAlike(a: unknown, b: unknown): boolean {
  if (typeof a === 'symbol' && typeof b === 'symbol') return a.description === b.description
  return typeof a === 'function' && typeof b === 'function' && a.name === b.name && String(a) === String(b)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function inspected(value: unknown, length: number): string {
  try {
    return inspect(value, {
      depth: 1,
      breakLength: Number.POSITIVE_INFINITY,
      maxArrayLength: 6,
      maxStringLength: length,
    })
  } catch {
    // A Future is no value.
    return 'what cannot be shown'
  }
}

/** A value in short. */
export function show(value: unknown, length = 80): string {
  const text = inspected(value, length)
  const line = value instanceof Error ? `${value.name}: ${value.message}` : text.replaceAll(/\s+/g, ' ')
  return line.length > length ? `${line.slice(0, length - 1)}…` : line
}
