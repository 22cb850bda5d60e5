import { Packr } from 'msgpackr'
import { checkTokens } from './tokens.js'
import { unreadable } from './unreadable.js'

/** What goes into bytes as it is: everything else is written in terms of it. No -0, and no text with half of a surrogate pair. */
export type Packable = null | boolean | number | string | Uint8Array | readonly Packable[]

// Of MessagePack libraries msgpackr is the one that BullMQ brings along, and that does not believe a list of four billion items
// in a message of five bytes.
const packr = new Packr({ useRecords: false })

/** Writes something as MessagePack. */
export function pack(value: Packable): Buffer {
  return packr.pack(value)
}

/**
 * Reads what `pack` wrote, from wherever it comes.
 * @throws {SerializationError} for anything else
 */
export function unpack(bytes: Uint8Array): Packable {
  checkTokens(bytes)
  try {
    return packr.unpack(bytes) as Packable
  } catch (cause) {
    throw unreadable('it is no MessagePack', cause)
  }
}
