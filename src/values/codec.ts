import type { Change, Encoded } from '../protocol.js'
import type { Movable } from './move.js'

/**
 * How one kind of object crosses: written to the tape, made anew from it, and compared with it. A kind's number is its
 * codec's place in the table of `kinds.ts`.
 */
export interface Codec<T extends object = object> {
  /** Appends what the object holds. */
  write(value: T, out: Writer): void
  /** Makes the object, without what refers to other objects: those may not exist yet. `prototype` is that of its class. */
  create(content: Reader, prototype: object | undefined): T
  /** Gives it the rest. */
  fill?(value: T, content: Reader): void
  /** Reports how the object differs from its content. */
  diff?(value: T, content: Reader, out: Differ): void
}

export interface Writer {
  /** Appends a value: a primitive as it is, an object by number. `key` is the place where the object holds it. */
  value(value: unknown, key: unknown): void
  /** Appends a value that cannot be supplied later: a key of a Map, a member of a Set. */
  key(value: unknown): void
  /** Appends what is never an object of the user's: a count, a name, a buffer. */
  raw(value: unknown): void
  /** Notes that so many bytes are about to be copied. They are refused where that is too much. */
  memory(bytes: number): void
  /** Notes that what is being written cannot leave the process. It is refused where it would have to. */
  tied(what: string, wayOut: string): void
  /** Appends what is taken away from its owner when the call is made. */
  moved(value: Movable): void
  /** Appends a value as a graph of its own, which shares no object with the rest. */
  isolated(value: unknown, key: unknown): void
  /** Where the object that is being written was found, in words. */
  place(): string
  /** The error for a value that cannot cross. */
  refuse(what: string, key?: unknown, wayOut?: string): Error
}

export interface Reader {
  /** The next value, an object if the tape has its number. */
  value(): unknown
  /** What `raw` appended. */
  raw(): unknown
  /**
   * The next number, which says how many places follow at least.
   * @throws {SerializationError} if there are not so many
   */
  count(): number
  /** @throws {SerializationError} if this is not where the content ends */
  end(): void
  /** What `isolated` appended. */
  isolated(): unknown
  /** The object of a shared value that is referred to. */
  shared(): object
}

export interface Differ {
  /** Takes one difference. */
  change(...change: Change): void
  /** Whether a value, written as a graph of its own, would be written as `before` was. */
  sameIsolated(value: unknown, before: Encoded): boolean
  /** The error for a change that cannot be written back. */
  refuse(target: object, what: string, wayOut: string): Error
}
