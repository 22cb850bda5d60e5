import { syncBuiltinESMExports } from 'node:module'
import util, { inspect } from 'node:util'
import v8 from 'node:v8'
import { define } from './properties.js'

/** A recorded call, as far as what reads unseen concerns it. */
export interface Blindable {
  /** The object behind what the call's method sees. */
  original<T>(value: T): T
  /** Nobody can tell any more what the call reads. */
  goBlind(): void
}

type Method = (this: object, ...args: unknown[]) => unknown

/**
 * Has what copies or compares whole graphs work on the objects behind proxies, and has recorded calls go blind for it: it tells nobody
 * what it reads. Unlike a Map's methods, these few are worth a detour for good.
 */
export function copyBlindly(calls: ReadonlySet<Blindable>): void {
  if (isDone) return
  isDone = true
  for (const [holder, name] of [
    [globalThis, 'structuredClone'],
    [v8, 'serialize'],
    [util, 'isDeepStrictEqual'],
  ] as const) {
    const native = (holder as unknown as Record<string, Method>)[name]!
    const instead = function (this: object, ...args: unknown[]) {
      if (calls.size === 0) return native.apply(this, args)
      for (const call of calls) call.goBlind()
      const seen = new Map<unknown, unknown>()
      return native.apply(
        this,
        args.map((arg) => withoutProxies(arg, calls, seen)),
      )
    }
    Object.defineProperty(instead, 'name', { value: name, configurable: true })
    Object.defineProperty(instead, 'length', { value: native.length, configurable: true })
    Object.defineProperty(holder, name, { ...Object.getOwnPropertyDescriptor(holder, name), value: instead })
  }
  syncBuiltinESMExports()
}

let isDone = false

/** The same for `inspect`, and with it the console and all messages: from here on, until what it returns is called. */
export function inspectBlindly(calls: ReadonlySet<Blindable>): () => void {
  const property: PropertyDescriptor = {
    configurable: true,
    value(this: object): object {
      for (const call of calls) call.goBlind()
      return originalOf(this, calls)
    },
  }
  for (const prototype of PROTOTYPES) Object.defineProperty(prototype, inspect.custom, property)
  return () => {
    for (const prototype of PROTOTYPES) Reflect.deleteProperty(prototype, inspect.custom)
  }
}

/** A prototype for proxies of objects that have none: `inspect` is told there, and nobody else sees it. */
export const inspectable: object = Object.create(null)

const PROTOTYPES = [Object.prototype, inspectable]

function originalOf(value: object, calls: ReadonlySet<Blindable>): object {
  for (const call of calls) {
    const original = call.original(value)
    if (original !== value) return original
  }
  return value
}

function withoutProxies(value: unknown, calls: ReadonlySet<Blindable>, seen: Map<unknown, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const original = originalOf(value, calls)
  if (original !== value) return original
  if (seen.has(value)) return seen.get(value)
  const prototype = Object.getPrototypeOf(value) as object | null
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value
  const copy = (Array.isArray(value) ? [] : Object.create(prototype)) as object
  seen.set(value, copy)
  for (const [key, item] of Object.entries(value)) define(copy, key, withoutProxies(item, calls, seen))
  return copy
}
