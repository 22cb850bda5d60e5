import type { Shadow } from './place.js'
import type { Showing } from './showing.js'

type View = Uint8Array

/** A typed array as calls see it: which elements they read and write is told. */
export function viewOf(view: object, shadow: Shadow, membrane: Showing): object {
  return new Proxy(view as View, new ViewTraps(shadow, membrane))
}

class ViewTraps implements ProxyHandler<View> {
  readonly #shadow: Shadow
  readonly #membrane: Showing
  readonly #methods = new Map<PropertyKey, Function>()

  constructor(shadow: Shadow, membrane: Showing) {
    this.#shadow = shadow
    this.#membrane = membrane
  }

  get(view: View, key: string | symbol): unknown {
    const index = indexOf(key)
    if (index !== undefined) {
      if (index < view.length) this.#read(view, index, 1, this.get)
      return view[index]
    }
    const value: unknown = Reflect.get(view, key, view)
    if (typeof value === 'function') return this.#method(key, value)
    return typeof value === 'object' ? this.#membrane.show(value, this.#shadow, key) : value
  }

  set(view: View, key: string | symbol, value: unknown): boolean {
    const index = indexOf(key)
    if (index === undefined) return Reflect.set(view, key, value, view)
    if (index < view.length) this.#write(view, index, 1, this.set)
    view[index] = value as number
    return true
  }

  getOwnPropertyDescriptor(view: View, key: string | symbol): PropertyDescriptor | undefined {
    const index = indexOf(key)
    if (index !== undefined && index < view.length) this.#read(view, index, 1, this.getOwnPropertyDescriptor)
    return Reflect.getOwnPropertyDescriptor(view, key)
  }

  defineProperty(view: View, key: string | symbol, property: PropertyDescriptor): boolean {
    const index = indexOf(key)
    if (index !== undefined && index < view.length) this.#write(view, index, 1, this.defineProperty)
    return Reflect.defineProperty(view, key, property)
  }

  #method(key: PropertyKey, native: Function): Function {
    let method = this.#methods.get(key)
    if (method === undefined) {
      method = this.#told(key, native)
      this.#methods.set(key, method)
    }
    return method
  }

  // Methods that go element by element do so on the proxy; the others need the typed array itself.
  #told(key: PropertyKey, native: Function): Function {
    if (key === 'constructor') return native
    if (ELEMENTWISE.has(key)) return (Array.prototype as never as Record<PropertyKey, Function>)[key]!
    // Those of Buffer are JavaScript.
    if (typeof key === 'string' && /^(read|write)[A-Z]/.test(key)) return native
    const traps = this
    const shadow = this.#shadow
    const membrane = this.#membrane
    return function told(...args: unknown[]): unknown {
      const view = shadow.object as View
      if (key !== 'subarray' && key !== 'set') traps.#read(view, 0, view.length, told)
      if (key === 'sort') traps.#write(view, 0, view.length, told)
      if (key === 'set') traps.#noteSet(view, args, told)
      const result: unknown = native.apply(
        view,
        args.map((arg) => membrane.raw(arg)),
      )
      if (!ArrayBuffer.isView(result) || result.buffer !== view.buffer) return result
      return membrane.memory.strand === undefined
        ? membrane.own(result)
        : membrane.show(result, shadow, `${String(key)}()`)
    }
  }

  #noteSet(view: View, [source, offset = 0]: unknown[], above: Function): void {
    const original = this.#membrane.raw(source)
    const from = this.#membrane.memory.known(original as object)
    if (ArrayBuffer.isView(original) && from !== undefined)
      this.#membrane.bytes.read(from, original.byteOffset, original.byteLength, above)
    this.#write(view, offset as number, (original as ArrayLike<number>).length, above)
  }

  #read(view: View, index: number, count: number, above: Function): void {
    const size = view.BYTES_PER_ELEMENT
    this.#membrane.bytes.read(this.#shadow, view.byteOffset + index * size, count * size, above)
  }

  #write(view: View, index: number, count: number, above: Function): void {
    const size = view.BYTES_PER_ELEMENT
    this.#membrane.bytes.write(this.#shadow, view.byteOffset + index * size, count * size, above)
  }
}

function indexOf(key: PropertyKey): number | undefined {
  if (typeof key !== 'string') return undefined
  const first = key.charCodeAt(0)
  if (first < 48 || first > 57) return undefined
  const index = Number(key)
  return Number.isInteger(index) ? index : undefined
}

const ELEMENTWISE = new Set<PropertyKey>([
  ...['at', 'includes', 'indexOf', 'lastIndexOf', 'join', 'every', 'some', 'find', 'findIndex', 'findLast'],
  ...[
    'findLastIndex',
    'forEach',
    'reduce',
    'reduceRight',
    'entries',
    'keys',
    'values',
    'reverse',
    'copyWithin',
    'fill',
  ],
  Symbol.iterator,
])
