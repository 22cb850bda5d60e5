import { type Data, isData, startOf } from './data.js'
import type { Membrane } from './membrane.js'
import type { Shadow } from './place.js'

export type Method = (this: unknown, ...args: unknown[]) => unknown

/** A call of a method of an object that is watched. */
export interface Told {
  readonly native: Method
  readonly self: object
  readonly shadow: Shadow
  readonly args: readonly unknown[]
  /** Whom the program called. */
  readonly above: Function
}

/** Replaces methods of the language and of Node.js by ones that tell the membrane what they do, until the run is over. */
export class Telling {
  readonly membrane: Membrane
  readonly #undo: (() => void)[] = []

  constructor(membrane: Membrane) {
    this.membrane = membrane
  }

  /** Puts back what was there. */
  stop(): void {
    for (const restore of this.#undo.reverse()) restore()
  }

  /** Puts a method, or the getter of an accessor, in the place of another one. */
  replace(holder: object, name: PropertyKey, method: Function): void {
    const before = descriptorOf(holder, name)!
    const length = descriptorOf(before.value ?? before.get, 'length')!
    define(method, 'length', length)
    define(
      holder,
      name,
      before.get === undefined ? { ...before, value: method } : { ...before, get: method as () => unknown },
    )
    this.#undo.push(() => define(holder, name, before))
  }

  replaceGlobal(name: string, value: unknown): void {
    const before = descriptorOf(globalThis, name)!
    define(globalThis, name, { ...before, value })
    this.#undo.push(() => define(globalThis, name, before))
  }

  /** Makes another method of one, if this version of Node.js has it. */
  instead(holder: object, name: PropertyKey, make: (native: Method) => Function): void {
    const before = descriptorOf(holder, name)
    const native: unknown = before?.value ?? before?.get
    if (typeof native !== 'function' || before?.configurable !== true) return
    const method = make(native as Method)
    define(method, 'name', { value: native.name, configurable: true })
    this.replace(holder, name, method)
  }

  /** Has a method say what it does to objects that are watched. */
  tell(prototype: object, name: PropertyKey, told: (call: Told) => unknown): void {
    const { memory } = this.membrane
    this.instead(
      prototype,
      name,
      (native) =>
        function method(this: object, ...args: unknown[]): unknown {
          const shadow = memory.known(this)
          return shadow === undefined
            ? native.apply(this, args)
            : told({ native, self: this, shadow, args, above: method })
        },
    )
  }

  alias(prototype: object, name: PropertyKey, as: PropertyKey): void {
    this.replace(prototype, as, (prototype as Record<PropertyKey, Function>)[name]!)
  }

  /** What is behind a value if that is binary data, which methods of the language and of Node.js take as it is. */
  bare(value: unknown): unknown {
    const raw = this.membrane.raw(value)
    return isData(raw) ? raw : value
  }

  /** Notes that bytes are read, counted from where the data begins. */
  read(data: Data, from: number, to: number, above: Function): void {
    const shadow = this.#watched(data)
    if (shadow !== undefined) this.membrane.bytes.read(shadow, startOf(data) + from, to - from, above)
  }

  /** Notes that bytes are written. */
  write(data: Data, from: number, to: number, above: Function): void {
    const shadow = this.#watched(data)
    if (shadow !== undefined) this.membrane.bytes.write(shadow, startOf(data) + from, to - from, above)
  }

  /** Notes that all of them are read. */
  readAll(data: Data, above: Function): void {
    this.read(data, 0, data.byteLength, above)
  }

  /** Looks at binary data before it is written by a method of which only the result shows where. */
  hold(data: Data): void {
    const shadow = this.#watched(data)
    if (shadow !== undefined) this.membrane.bytes.hold(shadow)
  }

  // Calls know what they have been shown. The caller has its own, of which any may be of a buffer that they have seen.
  #watched(data: Data): Shadow | undefined {
    const { memory, bytes } = this.membrane
    return memory.known(data) ?? (memory.strand === undefined && bytes.knows(data) ? memory.shadowOf(data) : undefined)
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

// As they are when nobody watches.
const { getOwnPropertyDescriptor: descriptorOf, defineProperty: define } = Object
