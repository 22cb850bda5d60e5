import type { Change } from './protocol.js'
import type { Graph } from './values/graph.js'
import { type CallSnapshot, unitOf } from './values/snapshot.js'

/** Where the objects are from that a call passes on: it has seen them, or made them. */
export interface Origin {
  readonly snapshot: CallSnapshot
  /** Where the write log ended when the snapshot was taken. */
  readonly base: number
  /** What the call made, and where the log ended then. */
  readonly reply: Graph | undefined
  readonly end: number
}

/** A call as the write log knows it. */
export interface Writer {
  readonly number: number
  readonly name: string
  /** `undefined` if there is no object in what the call wrote. */
  readonly origin: Origin | undefined
}

/** A change that a call made, and which one. */
export interface Written {
  readonly change: Change
  readonly writer: Writer
  /** Where the log ended before it. */
  readonly at: number
}

/** What the calls of all jobs in this thread changed, in the order of their commits, as long as an open call may not know of it. */
class WriteLog {
  #written: Written[] = []
  // How many changes have been forgotten.
  #start = 0
  #open = 0

  /** Where the log ends now: a snapshot taken now has seen all that is in it. */
  get end(): number {
    return this.#start + this.#written.length
  }

  /** A call has been made that may have to be told of changes. */
  open(): void {
    this.#open++
  }

  /** Calls are over. With the last one, everything is forgotten. */
  close(calls = 1): void {
    this.#open -= calls
    if (this.#open > 0 || this.#written.length === 0) return
    this.#start += this.#written.length
    this.#written = []
  }

  add(writer: Writer, changes: readonly Change[]): void {
    for (const change of changes) this.#written.push({ change, writer, at: this.end })
  }

  /** The changes since `from` of objects that a snapshot holds. */
  since(from: number, snapshot: CallSnapshot): Written[] {
    return this.#find(from, ({ change }) => unitOf(snapshot, change[1]) !== -1)
  }

  /** The changes of an object since `from`. */
  of(object: object, from: number): Written[] {
    return this.#find(from, ({ change }) => change[1] === object)
  }

  /** Whether a place has been written since `from`. What sets the length of an array may have written any of its places. */
  hasWritten(from: number, [operation, target, key]: Change): boolean {
    return this.#has(
      from,
      target,
      ([other, , at]) =>
        (at === key && other !== 'last') || operation === 'bytes' || operation === 'length' || other === 'length',
    )
  }

  /** Whether an object has had keys added or taken away since `from`, or put into another order. */
  hasMovedKeys(from: number, target: object): boolean {
    return this.#has(from, target, changesKeys)
  }

  #find(from: number, matches: (written: Written) => boolean): Written[] {
    const found: Written[] = []
    for (let i = from - this.#start; i < this.#written.length; i++)
      if (matches(this.#written[i]!)) found.push(this.#written[i]!)
    return found
  }

  #has(from: number, target: object, matches: (change: Change) => boolean): boolean {
    for (let i = from - this.#start; i < this.#written.length; i++) {
      const { change } = this.#written[i]!
      if (change[1] === target && matches(change)) return true
    }
    return false
  }
}

export const writes = new WriteLog()

/** Whether a change adds a key to its object, takes one away, or puts one last. */
export function changesKeys([operation, , , , had]: Change): boolean {
  return (
    !had || operation.endsWith('delete') || operation === 'length' || ['set.add', 'renew', 'last'].includes(operation)
  )
}
