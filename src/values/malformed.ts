import { SerializationError } from '../errors.js'

/** The error for what no encoder can have written: nothing of it is used. */
export function malformed(what: string): SerializationError {
  return new SerializationError(
    `Cannot read an encoded value: ${what}. Way out: run the same version of deco-ts on both sides, and leave its ports and ` +
      'channels to it; if that is so, please report it.',
  )
}

/** Whether something is a whole number from 0 to `most`. */
export function isCount(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most
}
