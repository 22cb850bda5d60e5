import { DecoError } from '../errors.js'
import type { Encoded } from '../protocol.js'
import { Encoder } from '../values/encoder.js'
import { isError } from '../values/failure.js'
import { isPrimitive } from '../values/primitive.js'
import { define } from '../values/properties.js'

/** Encodes an error that kept calls from being run, by itself and as far as it can cross. */
export function encodeFailure(error: unknown): Encoded {
  const encoder = new Encoder()
  try {
    encoder.add([error], 'a worker')
    return encoder.finish()
  } catch {
    const copy = new Encoder()
    copy.add([error instanceof DecoError ? withPlainCause(error) : plainCopy(error)], 'a worker')
    return copy.finish()
  }
}

/**
 * An error that cannot cross, as what it says: its class may be unknown there, or it may be no error of the engine's own, as
 * those of Node's module hooks are not.
 */
export function plainCopy(error: unknown): Error {
  if (!isError(error)) return new Error(String(error))
  const { name, message, stack } = error
  const data = Object.entries(error).filter(([, value]) => isPrimitive(value))
  const copy = Object.assign(new Error(message), { name, stack })
  for (const [key, value] of data) define(copy, key, value)
  return copy
}

// An error of this package, when what caused it cannot cross as it is.
function withPlainCause(error: DecoError): DecoError {
  return Object.setPrototypeOf(
    Object.assign(plainCopy(error), { cause: plainCopy(error.cause) }),
    Object.getPrototypeOf(error),
  )
}
