import { createHmac, timingSafeEqual } from 'node:crypto'
import { DecoError } from '../../errors.js'
import { LONGEST_MESSAGE } from '../limits.js'
import { squeeze, unsqueeze } from './squeeze.js'
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

/** What became of opening a message. */
export type Opened =
  | { readonly message: Uint8Array; readonly doubt?: undefined }
  | { readonly doubt: string; readonly message?: undefined }

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
    const content = squeeze(message)
    return this.#key === undefined
      ? Buffer.concat([Uint8Array.of(PLAIN), content])
      : Buffer.concat([Uint8Array.of(SIGNED), this.#sign(kind, content), content])
  }

  /**
   * The message, or why it is not to be believed: then nothing is made of it.
   * @throws {SerializationError} for what nobody has sealed
   */
  open(kind: MessageKind, sealed: Uint8Array): Opened {
    if (sealed.length > LONGEST_MESSAGE + 2 + SIGNATURE_BYTES) throw unreadable(`it has ${sealed.length} bytes`)
    const isSigned = sealed[0] === SIGNED
    if (!isSigned && sealed[0] !== PLAIN) throw unreadable('it is sealed in no known way')
    const content = sealed.subarray(isSigned ? 1 + SIGNATURE_BYTES : 1)
    if (this.#key !== undefined) {
      if (!isSigned) return { doubt: `the ${kind} is not signed` }
      const signature = sealed.subarray(1, 1 + SIGNATURE_BYTES)
      if (signature.length !== SIGNATURE_BYTES || !timingSafeEqual(signature, this.#sign(kind, content)))
        return { doubt: `the signature of the ${kind} is not that of our key` }
    }
    return { message: unsqueeze(content, LONGEST_MESSAGE) }
  }

  #sign(kind: MessageKind, message: Uint8Array): Buffer {
    return createHmac('sha256', this.#key!)
      .update(JSON.stringify(['deco-ts', kind, this.#queue]))
      .update(message)
      .digest()
  }
}
