import { SerializationError } from '../../errors.js'

/** The error for a message from Redis that nobody here can have written: nothing of it is used. */
export function unreadable(what: string, cause?: unknown): SerializationError {
  return new SerializationError(
    `Cannot read a message from Redis: ${what}. Way out: run the same version of deco-ts on every machine, and let nothing else ` +
      'write to the keys of its queues.',
    cause === undefined ? undefined : { cause },
  )
}
