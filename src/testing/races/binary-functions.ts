import buffers from 'node:buffer'
import crypto from 'node:crypto'
import { StringDecoder } from 'node:string_decoder'
import { types } from 'node:util'
import zlib from 'node:zlib'
import { type Data, isData } from './data.js'
import type { Method, Telling } from './telling.js'

/** Has functions of Node.js that take binary data be given what is behind proxies, and tell what they read and write of it. */
export function tellOfBinaryFunctions(telling: Telling): void {
  for (const [holder, names] of READERS) for (const name of names) tellOfReader(telling, holder, name)
  tellOfBuffers(telling)
  tellOfWriters(telling)
  tellOfBlobs(telling)
}

// These read all of it.
const READERS: readonly (readonly [holder: object, names: readonly string[]])[] = [
  ...['Hash', 'Hmac', 'Sign', 'Verify', 'Cipheriv', 'Decipheriv'].map(
    (name) => [(crypto as never as Record<string, Function>)[name]!.prototype as object, ['update']] as const,
  ),
  [crypto, ['hash', 'createHmac', 'createSecretKey', 'timingSafeEqual']],
  [zlib, Object.keys(zlib).filter((name) => name.endsWith('Sync') || name === 'crc32')],
  [TextDecoder.prototype, ['decode']],
  [StringDecoder.prototype, ['write']],
  [Buffer, ['compare']],
]

function tellOfReader(telling: Telling, holder: object, name: string): void {
  telling.instead(
    holder,
    name,
    (native) =>
      function told(this: unknown, ...args: unknown[]): unknown {
        return native.apply(this, readAll(telling, args, told))
      },
  )
}

function readAll(telling: Telling, args: readonly unknown[], above: Function): unknown[] {
  return args.map((arg) => {
    const data = telling.bare(arg)
    if (isData(data)) telling.readAll(data, above)
    return data
  })
}

function tellOfBuffers(telling: Telling): void {
  const { membrane } = telling
  telling.instead(
    Buffer,
    'from',
    (native) =>
      function from(this: unknown, ...args: unknown[]): unknown {
        const source = telling.bare(args[0])
        if (!types.isAnyArrayBuffer(source)) return native.apply(this, readAll(telling, args, from))
        // One of the same memory.
        const buffer = native.apply(this, [source, ...args.slice(1)]) as Buffer
        const shadow = membrane.memory.known(source)
        if (membrane.memory.strand !== undefined)
          return shadow === undefined ? buffer : membrane.show(buffer, shadow, '(a Buffer)')
        // What Node.js makes for itself meanwhile stays as it is.
        return shadow !== undefined || membrane.bytes.knows(source) ? membrane.own(buffer) : buffer
      },
  )
  telling.instead(
    Buffer,
    'copyBytesFrom',
    (native) =>
      function copyBytesFrom(this: unknown, ...args: unknown[]): unknown {
        const view = telling.bare(args[0]) as Uint8Array
        const copy = native.call(this, view, ...args.slice(1)) as Buffer
        const from = ((args[1] as number | undefined) ?? 0) * view.BYTES_PER_ELEMENT
        telling.read(view, from, from + copy.length, copyBytesFrom)
        return copy
      },
  )
  telling.instead(
    Buffer,
    'concat',
    (native) =>
      function concat(this: unknown, list: unknown, ...rest: unknown[]): unknown {
        if (!Array.isArray(list)) return native.call(this, list, ...rest)
        const bare = Array.from(list, (view) => telling.bare(view))
        const joined = native.call(this, bare, ...rest) as Buffer
        let left = joined.length
        for (const view of bare as Uint8Array[]) {
          telling.read(view, 0, Math.min(left, view.byteLength), concat)
          left -= view.byteLength
        }
        return joined
      },
  )
}

// They would take a proxy for an object of which they are to hold the text.
function tellOfBlobs(telling: Telling): void {
  const Blobs: typeof Blob = new Proxy(Blob, {
    construct(Native, [parts, ...rest], newTarget) {
      const bare = Array.isArray(parts) ? readAll(telling, Array.from(parts), Blobs) : parts
      return Reflect.construct(Native, [bare, ...rest], newTarget === Blobs ? Native : newTarget) as Blob
    },
  })
  telling.replaceGlobal('Blob', Blobs)
  telling.instead(buffers, 'Blob', () => Blobs)
}

function tellOfWriters(telling: Telling): void {
  const tellOfWriter = (
    holder: object,
    name: string,
    rangeOf: (
      view: Data & { BYTES_PER_ELEMENT?: number },
      args: readonly unknown[],
      result: unknown,
    ) => [number, number],
    at = 0,
  ) =>
    telling.instead(
      holder,
      name,
      (native: Method) =>
        function told(this: unknown, ...args: unknown[]): unknown {
          const bare = args.map((arg) => telling.bare(arg))
          const view = bare[at]
          if (!isData(view)) return native.apply(this, args)
          telling.hold(view)
          const result = native.apply(this, bare)
          const [from, to] = rangeOf(view, args, result)
          telling.write(view, from, to, told)
          return result === view ? args[at] : result
        },
    )
  tellOfWriter(crypto, 'randomFillSync', (view, [, offset, size]) => {
    const unit = view.BYTES_PER_ELEMENT ?? 1
    const from = ((offset as number | undefined) ?? 0) * unit
    return [from, size === undefined ? view.byteLength : from + (size as number) * unit]
  })
  tellOfWriter(crypto, 'getRandomValues', (view) => [0, view.byteLength])
  tellOfWriter(TextEncoder.prototype, 'encodeInto', (_, __, result) => [0, (result as { written: number }).written], 1)
}
