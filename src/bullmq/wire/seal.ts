import { createHmac, timingSafeEqual } from 'node:crypto'
import { DecoError } from '../../errors.js'
import { LONGEST_MESSAGE } from '../limits.js'
import { unreadable } from './unreadable.js'

/** What a message is: one kind cannot pass for another. */
export type MessageKind = 'batch' | 'report' | 'cancel'

// The first byte: how the message is sealed.
const PLAIN = 0
const SIGNED = 1
const SIGNATURE_BYTES = 32

/** @throws {DecoError} for a message that is too long */
export function checkLength(kind: MessageKind, bytes: number): void {
  if (bytes <= LONGEST_MESSAGE) return
  throw new DecoError(
    `Cannot send a ${kind} of ${bytes} bytes through Redis: the most is ${LONGEST_MESSAGE}. Way out: pass and return it in parts, or ` +
      'where to find it.',
  )
}

/** Seals messages of one queue, and opens those of others: with a key, nobody who lacks it can make one or change it. */
export class Seal {
  readonly #queue: string
  readonly #key: string | Uint8Array | undefined

  constructor(queue: string, key: string | Uint8Array | undefined) {
    this.#queue = queue
    this.#key = key
  }

  /** @throws {DecoError} for a message that is too long */
  close(kind: MessageKind, message: Uint8Array): Buffer {
    checkLength(kind, message.length)
    return this.#key === undefined
      ? Buffer.concat([Uint8Array.of(PLAIN), message])
      : Buffer.concat([Uint8Array.of(SIGNED), this.#sign(kind, message), message])
  }

  /** The message, and why it is not to be believed, if it is not. */
  open(kind: MessageKind, sealed: Uint8Array): { readonly message: Uint8Array; readonly doubt: string | undefined } {
    if (sealed.length > LONGEST_MESSAGE + 1 + SIGNATURE_BYTES) throw unreadable(`it has ${sealed.length} bytes`)
    const isSigned = sealed[0] === SIGNED
    if (!isSigned && sealed[0] !== PLAIN) throw unreadable('it is sealed in no known way')
    const message = sealed.subarray(isSigned ? 1 + SIGNATURE_BYTES : 1)
    if (this.#key === undefined) return { message, doubt: undefined }
    if (!isSigned) return { message, doubt: `the ${kind} is not signed` }
    const signature = sealed.subarray(1, 1 + SIGNATURE_BYTES)
    const isOurs = signature.length === SIGNATURE_BYTES && timingSafeEqual(signature, this.#sign(kind, message))
    return { message, doubt: isOurs ? undefined : `the signature of the ${kind} is not that of our key` }
  }

  #sign(kind: MessageKind, message: Uint8Array): Buffer {
    return createHmac('sha256', this.#key!)
      .update(JSON.stringify(['deco-ts', kind, this.#queue]))
      .update(message)
      .digest()
  }
}
