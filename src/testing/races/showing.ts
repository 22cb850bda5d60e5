import type { Bytes } from './bytes.js'
import type { Memory } from './memory.js'
import type { Shadow } from './place.js'

/** How objects are shown to calls. */
export interface Showing {
  readonly memory: Memory
  readonly bytes: Bytes
  /** A value as the present call is to see it, found in an object under a key. */
  show<T>(value: T, from?: Shadow, key?: unknown): T
  /** What the caller has, in the place of what a call sees. */
  original<T>(value: T): T
  /** The object itself, which methods of the language ask for. */
  raw<T>(value: T): T
  /** A typed array that the caller has made, as it is to have it: what it reads and writes is then seen. */
  own<T extends object>(view: T): T
  /** The same of what a call puts where others may find it: it knows what it made itself as it is. */
  publish(value: unknown): unknown
}
