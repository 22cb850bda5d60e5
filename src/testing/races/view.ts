import type { Shadow } from './place.js'
import type { Showing } from './showing.js'

type View = Uint8Array

/** A typed array as calls see it: which elements they read and write is told. Its methods tell by themselves (see binary-methods.ts). */
export function viewOf(view: object, shadow: Shadow, membrane: Showing): object {
  return new Proxy(view as View, new ViewTraps(shadow, membrane))
}

class ViewTraps implements ProxyHandler<View> {
  readonly #shadow: Shadow
  readonly #membrane: Showing

  constructor(shadow: Shadow, membrane: Showing) {
    this.#shadow = shadow
    this.#membrane = membrane
  }

  get(view: View, key: string | symbol, receiver: unknown): unknown {
    const index = indexOf(key)
    if (index !== undefined) {
      if (index < view.length) this.#read(view, index, this.get)
      return view[index]
    }
    // The accessors of the language and of Buffer ask for the typed array itself, those of the program are to be watched.
    const value: unknown = Reflect.get(view, key, NATIVE.has(key) ? view : receiver)
    return typeof value === 'object' ? this.#membrane.show(value, this.#shadow, key) : value
  }

  set(view: View, key: string | symbol, value: unknown, receiver: unknown): boolean {
    const index = indexOf(key)
    if (index === undefined) return Reflect.set(view, key, value, receiver)
    if (index < view.length) this.#write(view, index, this.set)
    view[index] = value as number
    return true
  }

  getOwnPropertyDescriptor(view: View, key: string | symbol): PropertyDescriptor | undefined {
    const index = indexOf(key)
    if (index !== undefined && index < view.length) this.#read(view, index, this.getOwnPropertyDescriptor)
    return Reflect.getOwnPropertyDescriptor(view, key)
  }

  defineProperty(view: View, key: string | symbol, property: PropertyDescriptor): boolean {
    const index = indexOf(key)
    if (index !== undefined && index < view.length) this.#write(view, index, this.defineProperty)
    return Reflect.defineProperty(view, key, property)
  }

  #read(view: View, index: number, above: Function): void {
    const size = view.BYTES_PER_ELEMENT
    this.#membrane.bytes.read(this.#shadow, view.byteOffset + index * size, size, above)
  }

  #write(view: View, index: number, above: Function): void {
    const size = view.BYTES_PER_ELEMENT
    this.#membrane.bytes.write(this.#shadow, view.byteOffset + index * size, size, above)
  }
}

const NATIVE = new Set<PropertyKey>([
  ...['length', 'byteLength', 'byteOffset', 'buffer', 'parent', 'offset'],
  Symbol.toStringTag,
])

function indexOf(key: PropertyKey): number | undefined {
  if (typeof key !== 'string') return undefined
  const first = key.charCodeAt(0)
  if (first < 48 || first > 57) return undefined
  const index = Number(key)
  return Number.isInteger(index) ? index : undefined
}
