import * as errors from '../errors.js'
import type { Codec } from './codec.js'
import { withPrototype } from './collections.js'
import { define } from './properties.js'

/** Every prototype that an error of the language or of this package can have, by name. */
export const ERROR_PROTOTYPES: ReadonlyMap<string, object> = new Map(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError, ...Object.values(errors)].map(
    (constructor) => [constructor.name, constructor.prototype],
  ),
)

/**
 * The prototype of the class of the language, or of this package, that an error has. Some of Node's own errors have a
 * prototype more, which stands before that of the class that is their constructor.
 */
export function errorPrototype(prototype: object): object | undefined {
  if (isErrorPrototype.has(prototype)) return prototype
  const base = (prototype.constructor as Function | undefined)?.prototype as object
  return isErrorPrototype.has(base) && Object.getPrototypeOf(prototype) === base ? base : undefined
}

const isErrorPrototype = new Set(ERROR_PROTOTYPES.values())

/**
 * An error: class, message, stack, `cause`, `errors` and every other own property, hidden ones as hidden. The class is
 * named on the tape unless it is a registered one.
 */
export const failure: Codec<Error> = {
  write(value, out) {
    const keys = Reflect.ownKeys(value)
    out.raw(value.stack)
    const data = keys.filter((key) => key !== 'stack')
    out.raw(data.length)
    for (const key of data) {
      if (typeof key === 'symbol') throw out.refuse('a property named by a symbol', key)
      const property = Object.getOwnPropertyDescriptor(value, key)!
      if (property.get !== undefined || property.set !== undefined) throw out.refuse('an accessor property', key)
      out.raw(key)
      out.raw(property.enumerable === true)
      out.value(property.value, key)
    }
    out.raw(nameOf(value))
  },
  create(_, prototype) {
    // A real error, so that util.types.isNativeError and inspect know it; the stack of this very line is of no use.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    const value = new Error()
    Error.stackTraceLimit = stackTraceLimit
    return withPrototype(value, prototype)
  },
  fill(value, content) {
    hide(value, 'stack', content.raw())
    for (let left = content.raw() as number; left > 0; left--) {
      const key = content.raw() as string
      const visible = content.raw()
      if (visible) define(value, key, content.value())
      else hide(value, key, content.value())
    }
    const name = content.raw() as string | undefined
    if (name !== undefined) Object.setPrototypeOf(value, ERROR_PROTOTYPES.get(name) ?? Error.prototype)
  },
  diff(value, content, out) {
    content.raw()
    const before = new Map<string, unknown>()
    for (let left = content.raw() as number; left > 0; left--) {
      const key = content.raw() as string
      content.raw()
      before.set(key, content.value())
    }
    const record = value as unknown as Record<string, unknown>
    const keys = Object.getOwnPropertyNames(value).filter((key) => key !== 'stack')
    for (const key of keys) {
      if (!before.has(key)) out.change('set', value, key, record[key], false)
      else if (!Object.is(record[key], before.get(key))) out.change('set', value, key, record[key], true, before.get(key))
    }
    for (const [key, old] of before) if (!Object.hasOwn(value, key)) out.change('delete', value, key, undefined, true, old)
  },
}

/** Adds to an error that a worker threw the line on which the call was made. */
export function addCallSite(error: unknown, site: string | undefined): void {
  if (site === undefined || !(error instanceof Error) || !Object.isExtensible(error)) return
  hide(error, 'stack', `${error.stack ?? String(error)}\n${site}`)
}

function nameOf(value: Error): string | undefined {
  const prototype = errorPrototype(Object.getPrototypeOf(value))
  for (const [name, known] of ERROR_PROTOTYPES) if (known === prototype) return name
  return undefined
}

function hide(value: object, key: string, to: unknown): void {
  Object.defineProperty(value, key, { value: to, writable: true, enumerable: false, configurable: true })
}
