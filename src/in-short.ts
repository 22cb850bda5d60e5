import { types } from 'node:util'
import { isFuture } from './future.js'

// So many arguments, and so many characters of a string, are told of.
const MOST = 4
const LONGEST = 24

/** Arguments in a few characters, without reading anything that could run code of the program. */
export function inShort(args: readonly unknown[]): string {
  let text = ''
  for (let i = 0; i < args.length && i < MOST; i++) text += (i === 0 ? '' : ', ') + short(args[i])
  return args.length > MOST ? `${text}, …` : text
}

function short(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? 'function' : String(value)
  if (isFuture(value)) return 'Future'
  // Even whether it is an array may be asked in vain.
  if (types.isProxy(value)) return 'Proxy'
  if (Array.isArray(value)) return `Array(${value.length})`
  if (types.isTypedArray(value)) return `${nameOf.call(value)}(${bytesOf.call(value)} bytes)`
  return KINDS.find(([, is]) => is(value))?.[0] ?? 'Object'
}

// The language's own, whatever the value's class says.
const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object
const nameOf = getter(typedArray, Symbol.toStringTag)
const bytesOf = getter(typedArray, 'byteLength')

function getter(of: object, key: PropertyKey): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(of, key)!.get!
}

const KINDS: readonly (readonly [name: string, is: (value: unknown) => boolean])[] = [
  ['Map', types.isMap],
  ['Set', types.isSet],
  ['Date', types.isDate],
  ['RegExp', types.isRegExp],
  ['Error', types.isNativeError],
  ['Promise', types.isPromise],
  ['ArrayBuffer', types.isArrayBuffer],
  ['SharedArrayBuffer', types.isSharedArrayBuffer],
  ['DataView', types.isDataView],
]
