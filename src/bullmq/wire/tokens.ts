import { unreadable } from './unreadable.js'

// Lists within lists: graphs of classes with `encode` nest, and nobody nests them deeper.
const DEEPEST = 256

/**
 * Sees to it that bytes are MessagePack, and hold nothing but lists, numbers, text, bytes, booleans and null. There are no maps,
 * whose keys could be names of prototypes, and no extensions, of which a library makes dates, errors, expressions and functions;
 * nothing is longer than its message or nested deeper than a stack bears. It looks at bytes alone and makes nothing of them.
 * @throws {SerializationError} otherwise
 */
export function checkTokens(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = bytes.length
  let at = 0
  // How many items the lists have still to come that are open, the innermost last.
  const open: number[] = []
  let left = 1
  const need = (count: number): number => {
    if (count > end - at) throw unreadable('it ends too early')
    return count
  }
  const skip = (count: number) => {
    at += need(count)
  }
  const lengthOf = (width: 1 | 2 | 4): number => {
    const from = at
    skip(width)
    return width === 1 ? view.getUint8(from) : width === 2 ? view.getUint16(from) : view.getUint32(from)
  }
  const enter = (items: number) => {
    open.push(left)
    if (open.length > DEEPEST) throw unreadable(`its lists are nested deeper than ${DEEPEST}`)
    left = need(items)
  }
  for (;;) {
    while (left === 0) {
      const outer = open.pop()
      if (outer === undefined) {
        if (at !== end) throw unreadable('something follows its end')
        return
      }
      left = outer
    }
    left--
    need(1)
    const token = view.getUint8(at++)
    if (token <= 0x7f || token >= 0xe0) continue
    if (token >= 0xa0 && token <= 0xbf) skip(token - 0xa0)
    else if (token >= 0x90 && token <= 0x9f) enter(token - 0x90)
    else {
      switch (token) {
        case NULL:
        case FALSE:
        case TRUE:
          break
        case FLOAT64:
          skip(8)
          break
        case UINT8:
        case INT8:
          skip(1)
          break
        case UINT16:
        case INT16:
          skip(2)
          break
        case UINT32:
        case INT32:
          skip(4)
          break
        case BYTES8:
        case TEXT8:
          skip(lengthOf(1))
          break
        case BYTES16:
        case TEXT16:
          skip(lengthOf(2))
          break
        case BYTES32:
        case TEXT32:
          skip(lengthOf(4))
          break
        case LIST16:
          enter(lengthOf(2))
          break
        case LIST32:
          enter(lengthOf(4))
          break
        default:
          throw unreadable(`it holds something that no message does (byte ${token} at ${at - 1})`)
      }
    }
  }
}

// Names of the MessagePack specification, in our words.
const NULL = 0xc0
const FALSE = 0xc2
const TRUE = 0xc3
const BYTES8 = 0xc4
const BYTES16 = 0xc5
const BYTES32 = 0xc6
const FLOAT64 = 0xcb
const UINT8 = 0xcc
const UINT16 = 0xcd
const UINT32 = 0xce
const INT8 = 0xd0
const INT16 = 0xd1
const INT32 = 0xd2
const TEXT8 = 0xd9
const TEXT16 = 0xda
const TEXT32 = 0xdb
const LIST16 = 0xdc
const LIST32 = 0xdd
