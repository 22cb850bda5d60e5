import { types } from 'node:util'
import { isCount } from '../../values/malformed.js'
import type { Packable } from './pack.js'
import { unreadable } from './unreadable.js'

// What is read is looked at piece by piece; each of these gives a piece as what it must be, or throws.

/** @throws {SerializationError} if it is no list, or not one of so many items */
export function listOf(value: Packable | undefined, what: string, length?: number): readonly Packable[] {
  if (!Array.isArray(value)) throw unreadable(`${what} is no list`)
  if (length !== undefined && value.length !== length)
    throw unreadable(`${what} has ${value.length} parts, not ${length}`)
  return value as readonly Packable[]
}

/** @throws {SerializationError} if it is no whole number from 0 to `most` */
export function countOf(value: Packable | undefined, what: string, most = Number.MAX_SAFE_INTEGER): number {
  if (!isCount(value, most)) throw unreadable(`${what} is no number from 0 to ${most}`)
  return value
}

/** @throws {SerializationError} if it is no text */
export function textOf(value: Packable | undefined, what: string): string {
  if (typeof value !== 'string') throw unreadable(`${what} is no text`)
  return value
}

/** @throws {SerializationError} if it is neither `true` nor `false` */
export function flagOf(value: Packable | undefined, what: string): boolean {
  if (typeof value !== 'boolean') throw unreadable(`${what} is neither true nor false`)
  return value
}

/** @throws {SerializationError} if it is no bytes */
export function bytesOf(value: Packable | undefined, what: string): Uint8Array {
  if (!types.isUint8Array(value)) throw unreadable(`${what} is no bytes`)
  return value
}

/** @throws {SerializationError} if it is no list of whole numbers from 0 to `most` */
export function countsOf(value: Packable | undefined, what: string, most?: number): readonly number[] {
  const list = listOf(value, what)
  for (const item of list) countOf(item, what, most)
  return list as readonly number[]
}

/** @throws {SerializationError} if it is no list of numbers of any kind */
export function numbersOf(value: Packable | undefined, what: string): readonly number[] {
  const list = listOf(value, what)
  for (const item of list) if (typeof item !== 'number') throw unreadable(`${what} is no list of numbers`)
  return list as readonly number[]
}
