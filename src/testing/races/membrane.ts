import { types } from 'node:util'
import { isFuture } from '../../future.js'
import { behind, isTarget } from '../../target.js'
import { serializableOf } from '../../values/classes.js'
import { stubOf } from '../../values/stub.js'
import { isAboutViews } from './blame.js'
import type { Bytes } from './bytes.js'
import { Hidden } from './hidden.js'
import type { Memory } from './memory.js'
import { pathOf } from './path-of.js'
import { type CallStrand, type Shadow, WHOLE } from './place.js'
import type { Showing } from './showing.js'
import { trapsFor } from './traps.js'
import { viewOf } from './view.js'

/**
 * Who sees typed arrays through proxies, though the methods of Node.js take none: calls, and the caller too if it makes them. What
 * the caller reads of others is not seen; of what a call sees as it is, all counts as read.
 */
export type Viewers = 'all' | 'calls' | 'nobody'

/**
 * What stands between a call and the caller's objects. Plain objects, arrays and instances are seen through proxies, and so are
 * typed arrays. Maps, Sets, Dates and DataViews are themselves: their methods tell (see natives.ts), as do those of typed arrays.
 */
export class Membrane implements Showing {
  readonly memory: Memory
  readonly bytes: Bytes
  readonly hidden: Hidden
  readonly #viewers: Viewers
  /** Whether the present code belongs to the run that is looked at. */
  readonly #isExamined: () => boolean
  // The objects behind what is shown, and what the caller has in the place of some of them.
  readonly #originals = new WeakMap<object, object>()
  readonly #owned = new WeakMap<object, object>()
  #hasShownViews = false
  #as: (<T>(shown: T) => T) | undefined
  /** Whether the caller has typed arrays that are seen through proxies. */
  ownsViews = false

  constructor(memory: Memory, bytes: Bytes, viewers: Viewers, isExamined: () => boolean) {
    this.#isExamined = isExamined
    this.#viewers = viewers
    this.memory = memory
    this.bytes = bytes
    this.hidden = new Hidden(memory)
  }

  show<T>(value: T, from?: Shadow, key?: unknown): T {
    const shown = this.#show(value, from, key)
    return this.#as === undefined ? shown : this.#as(shown)
  }

  /** Shows objects in another way for as long as somebody looks at them who takes no proxy. */
  showAs<T>(as: <S>(shown: S) => S, look: () => T): T {
    const before = this.#as
    this.#as = as
    try {
      return look()
    } finally {
      this.#as = before
    }
  }

  #show<T>(value: T, from: Shadow | undefined, key: unknown): T {
    if (typeof value !== 'object' || value === null) return value
    const { strand } = this.memory
    if (strand === undefined || strand.made.has(value)) return value
    const raw = this.raw(value)
    if (raw !== value && !this.#owned.has(raw)) return value
    if (isTarget(value)) return this.#target(value, strand, from, key) as T
    const shadow = this.memory.shadowOf(raw)
    if (strand.found.has(shadow)) return shadow.shown as T
    strand.found.set(shadow, [from, key])
    if (shadow.shown === raw) shadow.shown = this.#shape(shadow)
    else if (Object.isFrozen(raw)) this.#frozen(shadow)
    if (shadow.shown !== raw) this.#originals.set(shadow.shown, raw)
    else this.#touchUnseen(shadow)
    return shadow.shown as T
  }

  /** Whether an error may be that of somebody who was given something else than the typed array that was asked for. */
  isToBlame(error: unknown): boolean {
    return (this.ownsViews || this.#hasShownViews) && isAboutViews(error)
  }

  original<T>(value: T): T {
    const raw = this.raw(value)
    return ((isObject(raw) && this.#owned.get(raw)) || raw) as T
  }

  raw<T>(value: T): T {
    return ((isObject(value) && this.#originals.get(value)) || value) as T
  }

  own<T extends object>(view: T): T {
    // Whatever else runs in this process meanwhile keeps its own, and so does who shares memory with workers, which take no proxy.
    if (
      this.#viewers !== 'all' ||
      !this.#isExamined() ||
      types.isSharedArrayBuffer((view as never as ArrayBufferView).buffer)
    )
      return view
    const shadow = this.memory.shadowOf(view)
    if (shadow.shown === view) {
      shadow.shown = this.#shape(shadow)
      this.#originals.set(shadow.shown, view)
    }
    this.#owned.set(view, shadow.shown)
    this.ownsViews = true
    return shadow.shown as T
  }

  publish(value: unknown): unknown {
    if (!isObject(value)) return value
    if (this.#originals.has(value)) return this.original(value)
    if (this.memory.known(value) === undefined) this.memory.strand?.made.add(value)
    return value
  }

  /** Puts the caller's objects in the places of what a call saw, wherever it left this. */
  clean(value: unknown, seen = new Set<object>()): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (this.#originals.has(value)) return this.original(value)
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
  #target(target: object, strand: CallStrand, from: Shadow | undefined, key: unknown): unknown {
    const held = behind(target)?.held
    let root = from
    for (let above = from; above !== undefined; above = strand.found.get(above)?.[0]) root = above
    const isOfJob = root !== undefined && strand.found.get(root)?.[1] === 'this'
    return held === undefined || isOfJob ? stubOf(pathOf(strand, from, key)) : this.show(held, from, key)
  }

  #shape(shadow: Shadow): object {
    const { object } = shadow
    if (types.isTypedArray(object) && this.#viewers !== 'nobody') {
      this.#hasShownViews = true
      return viewOf(object, shadow, this)
    }
    if (isItself(object)) return object
    if (Object.isFrozen(object)) return this.#frozen(shadow)
    return new Proxy(object, trapsFor(shadow, this))
  }

  // What is frozen must be shown as it is, but what it holds may change. Every call that sees it finds that there.
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
    if (types.isTypedArray(object)) this.bytes.read(shadow, object.byteOffset, object.byteLength, this.show)
    const encode = encodingOf(object)
    if (encode !== undefined) this.hidden.keep(shadow, () => encode(object))
    else if (types.isRegExp(object) && (object.global || object.sticky))
      this.hidden.keep(shadow, () => object.lastIndex)
    else return
    this.memory.read(shadow, WHOLE, this.show)
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
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
    types.isTypedArray(object) ||
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
