import { types } from 'node:util'
import { MessagePort } from 'node:worker_threads'
import { isFuture } from '../future.js'

/** What can change hands; a view does with its whole buffer. */
export type Movable = ArrayBuffer | MessagePort

/**
 * Hands a value over instead of copying it: `this.fill(move(pixels))`. The call that is given it takes it away, as `postMessage`
 * does with what is on its transfer list. From then on the caller holds a detached buffer of length 0, and what the method
 * writes into its own is not written back: it returns what the caller is to have.
 *
 * @param value an ArrayBuffer; a typed array, Buffer or DataView, which takes its whole buffer along; or a MessagePort
 * @returns the same value, for a call that is made with it or with an object that holds it
 * @throws {TypeError} for anything else
 * @example
 * this.images.set(name, this.blur(move(pixels)))
 */
export function move<T extends ArrayBuffer | ArrayBufferView | MessagePort>(value: T): T {
  const movable: unknown = ArrayBuffer.isView(value) ? value.buffer : value
  if (!types.isArrayBuffer(movable) && !(movable instanceof MessagePort)) throw refuse(movable)
  marked.add(movable)
  hasMarked = true
  return value
}

const marked = new WeakSet<object>()
const moved = new WeakSet<object>()

/** Whether `move()` has ever been used: what it costs to look for marks is paid only then. */
export let hasMarked = false

/** Whether the next call that is given a value takes it away. */
export function isMarked(value: object): boolean {
  return marked.has(value)
}

/** Has the next call take a value away. */
export function mark(value: object): void {
  marked.add(value)
}

/** Whether a call has taken a value away. */
export function isMoved(value: object): boolean {
  return moved.has(value)
}

/** Takes a value away from whoever holds it: all that it was is in the new one. `undefined` if nobody can. */
export function takeAway(value: Movable): Movable | undefined {
  let taken: Movable
  try {
    taken = clone(value, { transfer: [value] })
  } catch {
    return undefined
  }
  marked.delete(value)
  // Memory of Node's own stays where it is, and was copied without a word.
  if (types.isArrayBuffer(value) && value.byteLength > 0) return undefined
  moved.add(value)
  return taken
}

// Recorded calls put something else in its place.
const clone = structuredClone as (value: Movable, options: { transfer: [Movable] }) => Movable

function refuse(value: unknown): TypeError {
  const [what, wayOut] = isFuture(value)
    ? ['the result of a call that is not committed yet', 'await it first']
    : types.isSharedArrayBuffer(value)
      ? ['a SharedArrayBuffer', 'pass it as it is, both sides have it']
      : [
          typeof value === 'object' && value !== null ? 'an object of another kind' : String(value),
          'pass it as it is, and it is copied; or through shared(), if it is large and only read',
        ]
  return new TypeError(
    `Cannot move ${what}: move() takes an ArrayBuffer, a view of one, or a MessagePort. Way out: ${wayOut}.`,
  )
}
