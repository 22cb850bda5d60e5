import { callSite } from '../call-site.js'
import { RegistrationError } from '../errors.js'
import { enter, registerClass } from '../metadata.js'
import { type ClassOptions, refOf, registerSerializable } from '../values/classes.js'
import { moduleUrl } from './guard.js'

/** Options of `@serializable`. */
export interface SerializableOptions<T extends object = object, Data = unknown> extends ClassOptions<T, Data> {
  /** URL of the module that a worker imports to get the class. Default: the file in which the decorator is evaluated. */
  readonly module?: string | URL
}

type Class<T extends object> = abstract new (...args: never[]) => T

/** `@serializable`, and `serializable.for()`. */
export interface Serializable {
  <T extends object, Data>(
    options: SerializableOptions<T, Data>,
  ): (target: Class<T>, context: ClassDecoratorContext) => void
  <T extends Class<object>>(target: T, context: ClassDecoratorContext<T>): void
  /**
   * Registers a class that one does not own. Call it at the top level of a module: workers import that module.
   * @example
   * serializable.for(URL, { encode: (url) => url.href, decode: (href) => new URL(href) })
   */
  for<T extends object, Data>(target: Class<T>, options: SerializableOptions<T, Data>): void
}

/**
 * Lets instances of a class keep their class across workers, as arguments, results, fields and errors. Their own data fields
 * cross; the constructor is not run. A class with `#private` fields gives `encode` and `decode` instead, and what `encode`
 * returns crosses.
 *
 * On a subclass of a Job it makes the subclass known to workers.
 *
 * @function
 * @throws {RegistrationError} on anything but a class
 * @throws {TypeError} if only one of `encode` and `decode` is given
 * @example
 * ```ts
 * @serializable
 * class Body { constructor(public mass: number) {} }
 *
 * @serializable({ encode: (v: Money) => v.cents, decode: (cents: number) => new Money(cents) })
 * class Money { #cents … }
 * ```
 */
export const serializable: Serializable = Object.assign(
  function serializable(first: unknown, context?: unknown): unknown {
    if (typeof first === 'function' || context !== undefined) return decorate(first, context, {}, serializable)
    const options = checkOptions(first)
    return function serializableWith(target: unknown, context: unknown) {
      decorate(target, context, options, serializableWith)
    }
  },
  {
    for: function register(target: Class<object>, options: SerializableOptions): void {
      if (typeof target !== 'function')
        throw new TypeError(`Cannot use ${String(target)} in serializable.for(): its first argument must be a class.`)
      const { module, ...how } = checkOptions(options)
      const entry = enter(module === undefined ? callSite(register) : moduleUrl('serializable', module))
      entry.name = target.name
      entry.prototype = target.prototype as object
      registerSerializable(refOf(entry), entry.prototype, how)
    },
  },
) as Serializable

function decorate(target: unknown, context: unknown, { module, ...how }: SerializableOptions, above: Function): void {
  const { kind, name, metadata } = (context ?? {}) as Partial<ClassDecoratorContext>
  if (kind !== 'class') {
    const what =
      kind === undefined
        ? 'it was called as a legacy decorator. Way out: turn off "experimentalDecorators" in tsconfig.json'
        : `${String(name)} is a ${kind}. Way out: decorate the class`
    throw new RegistrationError(`Cannot apply @serializable: ${what}.`)
  }
  const entry = registerClass(metadata, module === undefined ? callSite(above) : moduleUrl('serializable', module))
  entry.name = (target as Function).name || String(name)
  entry.prototype = (target as Class<object>).prototype as object
  registerSerializable(refOf(entry), entry.prototype, how)
}

const KNOWN = ['module', 'encode', 'decode']

function checkOptions(options: unknown): SerializableOptions {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`Cannot use ${String(options)} as options of @serializable: give an object.`)
  const unknown = Object.keys(options).find((key) => !KNOWN.includes(key))
  if (unknown !== undefined)
    throw new TypeError(
      `Cannot use these options of @serializable: there is no option ${unknown}; there are ${KNOWN.join(', ')}.`,
    )
  const { encode, decode } = options as SerializableOptions
  if ((encode === undefined) !== (decode === undefined)) {
    throw new TypeError(
      'Cannot use only one of encode and decode in the options of @serializable: one undoes the other. Give both, or neither.',
    )
  }
  for (const [name, option] of Object.entries({ encode, decode })) {
    if (option !== undefined && typeof option !== 'function')
      throw new TypeError(`Cannot use these options of @serializable: ${name} must be a function.`)
  }
  return options as SerializableOptions
}
