import { SerializationError } from '../errors.js'

/** What a call threw, in words that say what to do: a copy of an instance has no #private fields, and the engine's own tell nobody. */
export function clarified(name: string, error: unknown): unknown {
  if (!(error instanceof TypeError) || !PRIVATE.test(error.message)) return error
  return new SerializationError(
    `Cannot run ${name} in a worker: it touches a #private member, which cannot be copied (${error.message}). Way out: ` +
      'keep what the method needs in fields that are not private, or mark the class @serializable({ encode, decode }).',
    { cause: error },
  )
}

const PRIVATE =
  /private (member|field|method|name|static)|^Receiver must be (an instance of )?(class )?|^Object must be an instance of class/
