import { types } from 'node:util'
import { RANGES } from './binary-ranges.js'
import type { Method, Telling } from './telling.js'

/**
 * Has the methods of typed arrays and Buffers tell which bytes they read and write, also where one that is watched is their argument.
 */
export function tellOfBinaryMethods(telling: Telling): void {
  for (const prototype of [
    Object.getPrototypeOf(Uint8Array.prototype) as object,
    Uint8Array.prototype,
    Buffer.prototype,
  ])
    for (const name of Reflect.ownKeys(prototype)) {
      const { value } = Object.getOwnPropertyDescriptor(prototype, name)!
      // What Buffers read and write as numbers they do element by element.
      const isByElement = typeof name === 'string' && /^(read|write)[A-Z]/.test(name)
      if (typeof value !== 'function' || name === 'constructor' || isByElement) continue
      if (prototype !== Buffer.prototype && ELEMENTWISE.has(name)) tellByElement(telling, prototype, name)
      else tellByRange(telling, prototype, name)
    }
}

// Methods of arrays do the same, and on a proxy do it element by element.
function tellByElement(telling: Telling, prototype: object, name: PropertyKey): void {
  const byElement = (Array.prototype as never as Record<PropertyKey, Method>)[name]!
  telling.instead(
    prototype,
    name,
    (native) =>
      function told(this: unknown, ...args: unknown[]): unknown {
        return (telling.membrane.raw(this) === this ? native : byElement).apply(this, args)
      },
  )
}

// The others need the typed array itself. Where they wrote is known when they have.
function tellByRange(telling: Telling, prototype: object, name: PropertyKey): void {
  const { membrane } = telling
  const rangesOf = RANGES.get(Object.getOwnPropertyDescriptor(prototype, name)!.value as Function)
  telling.instead(
    prototype,
    name,
    (native) =>
      function told(this: unknown, ...args: unknown[]): unknown {
        const view = membrane.raw(this) as Uint8Array
        if (isAlone || !types.isTypedArray(view)) return native.apply(this, args)
        const bare = args.map((arg) =>
          typeof arg === 'function' && view !== this ? withView(arg as Method, view, this) : telling.bare(arg),
        )
        telling.hold(view)
        if (ArrayBuffer.isView(bare[0])) telling.hold(bare[0])
        const result = prototype === Buffer.prototype ? alone(native, view, bare) : native.apply(view, bare)
        if (rangesOf === undefined) telling.readAll(view, told)
        else
          rangesOf(view, bare, result, {
            read: (data, from, to) => telling.read(data, from, to, told),
            write: (data, from, to) => telling.write(data, from, to, told),
          })
        return result === view ? this : shown(result, view, view !== this, String(name))
      },
  )

  function shown(result: unknown, view: Uint8Array, isWatched: boolean, by: string): unknown {
    if (!types.isTypedArray(result)) return result
    const { memory } = membrane
    const isSame = result.buffer === view.buffer
    if (memory.strand === undefined) return isWatched ? membrane.own(result) : result
    const shadow = isSame ? memory.known(view) : undefined
    return shadow === undefined ? result : membrane.show(result, shadow, `${by}()`)
  }
}

// Methods of Buffer call others of them, which have nothing to add.
let isAlone = false

function alone(native: Method, view: unknown, args: readonly unknown[]): unknown {
  isAlone = true
  try {
    return native.apply(view, args as unknown[])
  } finally {
    isAlone = false
  }
}

// A callback is given the typed array as the program knows it.
function withView(callback: Method, view: unknown, shown: unknown): Method {
  return function (this: unknown, ...args: unknown[]): unknown {
    return callback.apply(
      this,
      args.map((arg) => (arg === view ? shown : arg)),
    )
  }
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
