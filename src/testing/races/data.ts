import { types } from 'node:util'

/** Bytes of a view or of a whole buffer. */
export type Data = ArrayBufferView | ArrayBufferLike

/** Whether a value is a view or a buffer itself. */
export function isData(value: unknown): value is Data {
  return isView(value) || isAnyArrayBuffer(value)
}

/** The buffer of a view, or a buffer itself. */
export function bufferOf(data: object): ArrayBufferLike {
  return isView(data) ? data.buffer : (data as ArrayBufferLike)
}

/** Where data begins in its buffer. */
export function startOf(data: object): number {
  return isView(data) ? data.byteOffset : 0
}

// As they are when nobody watches.
const { isView } = ArrayBuffer
const { isAnyArrayBuffer } = types
