import { types } from 'node:util'
import * as errors from '../errors.js'
import type { Codec } from './codec.js'
import { withPrototype } from './collections.js'
import { diffEntries } from './entries.js'
import { isIndex } from './extras.js'
import { malformed } from './malformed.js'
import { changeProperty, define, own, refusePrototype, refuseToWrite } from './properties.js'

/** Every prototype that an error of the language or of this package can have, by name. */
export const ERROR_PROTOTYPES: ReadonlyMap<string, object> = new Map(
  [
    Error,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
    AggregateError,
    ...Object.values(errors),
  ].map((Class) => [Class.name, Class.prototype]),
)

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
    out.raw(printsCode(value))
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
    for (let left = content.count(); left > 0; left--) {
      const key = content.raw()
      if (typeof key !== 'string') throw malformed('a property has no name')
      const visible = content.raw()
      if (visible) define(value, key, content.value())
      else hide(value, key, content.value())
    }
    const name = content.raw() as string | undefined
    const hasCode = content.raw()
    if (name !== undefined && !ERROR_PROTOTYPES.has(name)) throw malformed('an error is of no class')
    if (name !== undefined) Object.setPrototypeOf(value, hasCode ? nodePrototype(name) : ERROR_PROTOTYPES.get(name)!)
  },
  diff(value, content, out) {
    const stack = content.raw()
    if (value.stack !== stack) out.change('set', value, 'stack', value.stack, true, stack)
    // A key and whether it is hidden: a property that is deleted and set again comes back visible.
    const keys = Reflect.ownKeys(value).filter((key) => key !== 'stack')
    const [symbol] = Object.getOwnPropertySymbols(value)
    if (symbol !== undefined) throw refuseToWrite(value, symbol, 'a property named by a symbol', out)
    const visible = new Set(Object.keys(value))
    diffEntries(
      keys.map((key) => tagged(key as string, visible.has(key as string))),
      content.raw() as number,
      {
        key: () => tagged(content.raw() as string, content.raw() as boolean),
        before: () => content.value(),
        now: (key) => own(value, key.slice(1)),
        set: (tag, now, had, before) => {
          const key = tag.slice(1)
          if (!had && !visible.has(key)) throw refuseToWrite(value, key, 'a hidden property', out)
          changeProperty(value, key, now, had, before, out)
        },
        delete: (tag, before) => out.change('delete', value, tag.slice(1), undefined, true, before),
        isSorted: (tag) => isIndex(tag.slice(1)),
      },
    )
    if (content.raw() !== nameOf(value)) throw refusePrototype(value, out)
  },
}

function tagged(key: string, isVisible: boolean): string {
  return (isVisible ? '+' : '-') + key
}

/** Whether a value is an error, also one of another realm: in a test of Jest's, those that Node.js throws are. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value)
}

/** Adds to an error that a worker threw the line on which the call was made. */
export function addCallSite(error: unknown, site: string | undefined): void {
  if (site === undefined || !(error instanceof Error) || !Object.isExtensible(error)) return
  hide(error, 'stack', `${error.stack ?? String(error)}\n${site}`)
}

function nameOf(value: Error): string | undefined {
  let at = Object.getPrototypeOf(value) as object
  if (!isOfNode(value)) return NAMES.get(at)
  while (!NAMES.has(at) && !isNative(at.constructor)) at = Object.getPrototypeOf(at)
  return at.constructor.name
}

const NAMES = new Map([...ERROR_PROTOTYPES].map(([name, prototype]) => [prototype, name]))

/**
 * Whether an error is of a class that passes for the class of the language: a hidden subclass that Node.js itself throws, such
 * as `TypeError [ERR_INVALID_ARG_TYPE]`, or the class of another realm.
 */
export function isOfNode(value: object): boolean {
  let at = Object.getPrototypeOf(value) as object | null
  if (at === null || NAMES.has(at)) return false
  for (; at !== null && !NAMES.has(at); at = Object.getPrototypeOf(at)) {
    const Class = own(at, 'constructor')
    if (!isAlias(Class)) return false
    if (Class.name === 'Error' && isNative(Class)) return true
  }
  return at !== null
}

// The class of the language itself, or one that is not called what its source says: nobody but Node.js does either.
function isAlias(Class: unknown): Class is Function {
  if (typeof Class !== 'function' || !ERROR_PROTOTYPES.has(Class.name)) return false
  return NAMES.has(Class.prototype) || !String(Class).startsWith(`class ${Class.name} `)
}

function isNative(value: Function): boolean {
  return Function.prototype.toString.call(value).endsWith('{ [native code] }')
}

function printsCode(value: Error): boolean {
  return isOfNode(value) && !isNative(value.toString)
}

const nodePrototypes = new Map<string, object>()

// All that those subclasses add is how they print themselves.
function nodePrototype(name: string): object {
  let prototype = nodePrototypes.get(name)
  if (prototype === undefined) {
    const base = ERROR_PROTOTYPES.get(name)!
    prototype = Object.create(base) as object
    hide(prototype, 'constructor', base.constructor)
    hide(prototype, 'toString', function (this: NodeJS.ErrnoException) {
      return `${this.name} [${this.code}]: ${this.message}`
    })
    nodePrototypes.set(name, prototype)
  }
  return prototype
}

function hide(value: object, key: string, to: unknown): void {
  Object.defineProperty(value, key, { value: to, writable: true, enumerable: false, configurable: true })
}
