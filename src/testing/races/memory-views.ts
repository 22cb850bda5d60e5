import { types } from 'node:util'
import { isData } from './data.js'
import { indexFrom } from './index-from.js'
import type { Telling } from './telling.js'

/** Has DataViews, buffers and Atomics tell which bytes they touch, and views be watched where their memory is. */
export function tellOfMemory(telling: Telling): void {
  tellOfDataViews(telling)
  for (const name of VIEWS) tellOfConstructor(telling, name)
  tellOfSlices(telling)
  tellOfAtomics(telling)
}

function tellOfDataViews(telling: Telling): void {
  for (const name of Object.getOwnPropertyNames(DataView.prototype)) {
    const [, verb, bits] = /^(get|set)\D*(\d+)$/.exec(name) ?? []
    if (verb === undefined) continue
    const note = verb === 'get' ? 'read' : 'write'
    telling.tell(DataView.prototype, name, ({ native, self, args, above }) => {
      const at = Number(args[0])
      telling[note](self as DataView, at, at + Number(bits) / 8, above)
      return native.apply(self, args as unknown[])
    })
  }
}

// A view of a buffer that calls have seen is seen as well, and so is what the caller does with a typed array that it makes now.
function tellOfConstructor(telling: Telling, name: string): void {
  const { membrane } = telling
  const Native = (globalThis as never as Record<string, new (...args: unknown[]) => ArrayBufferView>)[name]!
  const Told: typeof Native = new Proxy(Native, {
    construct(_, args, newTarget) {
      const bare = args.map((arg) => telling.bare(arg))
      const view = Reflect.construct(Native, bare, newTarget === Told ? Native : newTarget) as ArrayBufferView
      // From another typed array its elements are copied.
      if (types.isTypedArray(bare[0])) telling.readAll(bare[0], Told)
      if (membrane.memory.strand === undefined && types.isTypedArray(view)) return membrane.own(view)
      const buffer = membrane.memory.known(view.buffer)
      return buffer === undefined ? view : membrane.show(view, buffer, `(a ${name})`)
    },
    // What the language makes itself, by `slice()` or `map()`, it fills itself.
    get: (_, key, receiver) =>
      key === Symbol.species && receiver === Told ? Native : Reflect.get(Native, key, receiver),
  })
  telling.replaceGlobal(name, Told)
  telling.replace(Native.prototype, 'constructor', Told)
}

function tellOfSlices(telling: Telling): void {
  for (const { prototype } of [ArrayBuffer, SharedArrayBuffer])
    telling.instead(
      prototype,
      'slice',
      (native) =>
        function slice(this: ArrayBuffer, ...args: unknown[]): unknown {
          const copy = native.apply(this, args) as ArrayBuffer
          const from = indexFrom(args[0], this.byteLength)
          telling.read(this, from, from + copy.byteLength, slice)
          return copy
        },
    )
}

// On memory that workers share, they are what orders them.
function tellOfAtomics(telling: Telling): void {
  for (const name of Object.getOwnPropertyNames(Atomics))
    telling.instead(
      Atomics,
      name,
      (native) =>
        function told(this: unknown, ...args: unknown[]): unknown {
          const [view, index] = args.map((arg) => telling.bare(arg)) as [Uint8Array, number]
          const isOwn = isData(view) && types.isArrayBuffer(view.buffer) && name !== 'notify'
          if (isOwn) telling.hold(view)
          const before = isOwn ? view[index] : undefined
          const result = native.call(this, ...args.map((arg) => telling.bare(arg)))
          if (!isOwn) return result
          const [from, to] = [index * view.BYTES_PER_ELEMENT, (index + 1) * view.BYTES_PER_ELEMENT]
          if (name !== 'store') telling.read(view, from, to, told)
          const isWrite = name === 'compareExchange' ? view[index] !== before : name !== 'load'
          if (isWrite) telling.write(view, from, to, told)
          return result
        },
    )
}

const VIEWS = [
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'DataView'],
]
