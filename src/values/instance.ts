import type { Encoded } from '../protocol.js'
import { serializableOf } from './classes.js'
import type { Codec } from './codec.js'

/** An instance of a class registered with `encode` and `decode`: what `encode` returned, as a graph of its own. */
export const encodedInstance: Codec = {
  write: (value, out) => out.isolated(encodingOf(value).encode(value), 'encode()'),
  create(content, prototype) {
    const value = encodingOf(prototype!, prototype).decode(content.isolated())
    if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== prototype) {
      throw new TypeError(`decode of ${nameOf(prototype!)} returned something else than an instance of it`)
    }
    return value
  },
  diff(value, content, out) {
    if (out.sameIsolated(encodingOf(value).encode(value), content.raw() as Encoded)) return
    throw out.refuse(
      value,
      `the method changed an instance of ${nameOf(Object.getPrototypeOf(value))}, which crosses through encode and decode`,
      'return the changed instance instead, or let its fields cross (@serializable without encode)',
    )
  },
}

function encodingOf(value: object, prototype: object = Object.getPrototypeOf(value)) {
  const { encode, decode } = serializableOf(prototype)!.options
  return { encode: encode!, decode: decode! }
}

function nameOf(prototype: object): string {
  return (prototype.constructor as Function).name
}
