import { types } from 'node:util'
import type { Encoded, ExecutorCall } from '../protocol.js'

const sizes = new WeakMap<Encoded, number>()

/** How many bytes a graph takes in a message: at least so many, and not many more. */
export function sizeOfGraph(encoded: Encoded): number {
  let size = sizes.get(encoded)
  if (size === undefined) {
    size = encoded.kinds.length
    for (const value of encoded.tape) size += sizeOf(value)
    sizes.set(encoded, size)
  }
  return size
}

/** The same of a primitive, memory, or a graph of its own. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 1
  if (typeof value !== 'object' || value === null) return 1
  if (types.isAnyArrayBuffer(value) || ArrayBuffer.isView(value)) return value.byteLength
  return 'tape' in value ? sizeOfGraph(value as Encoded) : 1
}

/** The same of the arguments of a call that are no objects. */
export function sizeOfArguments({ args }: ExecutorCall): number {
  let size = 0
  for (let i = 0; i < args.length; i++) size += typeof args[i] === 'string' ? (args[i] as string).length : 1
  return size
}
