import { PendingReadError } from '../errors.js'
import { callOf, Future, isFuture, type Pending } from '../future.js'
import type { Target } from '../target.js'

/** What a place is to hold for a value that is put into it: the value, or a Future until the value is there. */
export function slotFor(value: unknown, target: Target, key: unknown): unknown {
  if (isFuture(value)) {
    const call = callOf(value)
    if (call.isCommitted) return call.result
    call.feed(target, key)
    return value
  }
  return value instanceof Promise ? new Future(new PromisedValue(value, target, key)) : value
}

/** Reads a place; `slot` says which, should its value not be there yet. */
export function readSlot<V>(held: unknown, target: Target, slot: () => string): V {
  return (isFuture(held) ? callOf(held).read(target.self, slot()) : held) as V
}

/** A promise of what a place will hold. */
export function settledSlot<V>(held: unknown): Promise<V> {
  return Promise.resolve(held as V | PromiseLike<V>)
}

/** Whether the value that a place holds is the Future of this very call. */
export function holdsFutureOf(held: unknown, call: object): boolean {
  return isFuture(held) && callOf(held) === call
}

/** Waits for all promises of the program's own that were put into a target. */
export async function settlePromises(targets: ReadonlySet<unknown>): Promise<void> {
  for (const value of open) if (targets.has(value.target.self)) await value.promise
}

const open = new Set<PromisedValue>()

/** A promise of the program's own in a place of a target: nothing but the event loop can bring its value. */
class PromisedValue implements Pending {
  readonly promise: Promise<unknown>
  readonly target: Target
  readonly #feeds: [Target, unknown][]
  #state: 'open' | 'committed' | 'failed' = 'open'
  #result: unknown

  constructor(promise: Promise<unknown>, target: Target, key: unknown) {
    this.promise = promise
    this.target = target
    this.#feeds = [[target, key]]
    open.add(this)
    promise.then(
      (value) => this.#end('committed', value),
      (error) => this.#end('failed', error),
    )
  }

  get isCommitted(): boolean {
    return this.#state === 'committed'
  }

  get result(): unknown {
    return this.#result
  }

  describe(): string {
    return 'a promise'
  }

  settled(onValue: (value: unknown) => void, onError: (error: unknown) => void): void {
    this.promise.then(onValue, onError)
  }

  read(_: object, slot: string): unknown {
    if (this.#state === 'committed') return this.#result
    if (this.#state === 'failed') throw this.#result
    throw new PendingReadError(`Cannot read ${slot}: it was given a promise, which only the event loop can settle. Await \`settled(…)\` first.`)
  }

  advance(): void {
    throw new PendingReadError('Cannot block on a promise: only the event loop can settle it. Make the @synchronized method async.')
  }

  feed(target: Target, key: unknown): void {
    this.#feeds.push([target, key])
  }

  #end(state: 'committed' | 'failed', result: unknown): void {
    this.#state = state
    this.#result = result
    open.delete(this)
    if (state === 'committed') for (const [target, key] of this.#feeds) target.fill(key, this, result)
  }
}
