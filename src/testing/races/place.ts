import { types } from 'node:util'
import { own } from '../../values/properties.js'
import type { Strand } from './strand.js'
import type { Trace } from './trace.js'

/** Which keys there are: what adds or takes away one writes here, what lists or counts them reads. */
export const KEYS: unique symbol = Symbol('keys')
/** All that an object is, where nobody sees what is read of it. */
export const WHOLE: unique symbol = Symbol('whole')

/** What one strand did to one place. Without a strand it was the caller. */
export interface Access {
  readonly strand: CallStrand | undefined
  readonly place: Place
  /** It read what was there before it wrote to it. */
  isRead: boolean
  isWritten: boolean
  /** Whether what it wrote made a difference. */
  isChange: boolean
  /** It is a length that elements changed: two that each add their own do not see each other. */
  isImplied: boolean
  /** It took the place away, whatever it did later. */
  isTaken: boolean
  readAt: Trace | undefined
  writtenAt: Trace | undefined
  /** What was there before the first write; of the caller, what it writes. */
  before: Held | undefined
}

/** A call, and what it does to places. */
export type CallStrand = Strand<Access, Shadow>

/** What a place holds. */
export interface Held {
  readonly isThere: boolean
  readonly value: unknown
}

/** An accessor on the caller's object, in the place of a property. */
export interface Guard {
  value: unknown
  readonly get: () => unknown
}

/** A place that calls touch: a property, an entry, a member, or the keys of an object. */
export class Place {
  readonly shadow: Shadow
  readonly key: unknown
  /** Of the present phase, in the order of the calls. */
  readonly readers: Access[] = []
  readonly writers: Access[] = []
  /** The last access, of a call that may still run. */
  last: Access | undefined
  /** Holds the value while the caller's object has an accessor in its place. */
  guard: Guard | undefined

  constructor(shadow: Shadow, key: unknown) {
    this.shadow = shadow
    this.key = key
  }

  /** Whether the accessor stands: the caller may have taken it away, or put something else there. */
  get isGuarded(): boolean {
    return this.guard !== undefined && descriptorOf(this.shadow.object, this.key as PropertyKey)?.get === this.guard.get
  }

  /** What it holds, unseen by anybody. */
  get held(): Held {
    const { object } = this.shadow
    const { key } = this
    if (this.isGuarded) return { isThere: true, value: this.guard!.value }
    if (types.isMap(object)) return { isThere: mapHas.call(object, key), value: mapGet.call(object, key) }
    if (types.isSet(object)) return { isThere: setHas.call(object, key), value: undefined }
    if (types.isDate(object)) return { isThere: true, value: timeOf.call(object) }
    return {
      isThere: Object.hasOwn(object, key as PropertyKey),
      value: own(object, key as PropertyKey),
    }
  }
}

// As they are when nobody watches.
const { getOwnPropertyDescriptor: descriptorOf } = Object
const { has: mapHas, get: mapGet } = Map.prototype
const { has: setHas } = Set.prototype
const { getTime: timeOf } = Date.prototype

/** All places of an object. */
export class Shadow {
  readonly object: object
  readonly #places = new Map<unknown, Place>()
  /** The object as calls see it. */
  shown: object

  constructor(object: object) {
    this.object = object
    this.shown = object
  }

  at(key: unknown): Place {
    let place = this.#places.get(key)
    if (place === undefined) {
      place = new Place(this, key)
      this.#places.set(key, place)
    }
    return place
  }

  /** The place, if anybody has touched it in this phase. */
  known(key: unknown): Place | undefined {
    return this.#places.get(key)
  }

  forget(): void {
    this.#places.clear()
  }
}
