import { PendingReadError } from '../errors.js'
import type { Pending } from '../future.js'
import type { Target } from '../target.js'

/** A result that a promise brings, which nothing but the event loop can settle. */
export abstract class Promised implements Pending {
  readonly promise: Promise<unknown>
  readonly #feeds: [Target, unknown][] = []
  #state: 'open' | 'committed' | 'failed' = 'open'
  #result: unknown

  constructor(promise: Promise<unknown>) {
    this.promise = promise
    promise.then(
      (value) => this.#end('committed', value),
      (error) => this.#end('failed', error),
    )
  }

  get isCommitted(): boolean {
    return this.#state === 'committed'
  }

  get isRejected(): boolean {
    return this.#state === 'failed'
  }

  get result(): unknown {
    return this.#result
  }

  abstract describe(): string

  settled(onValue: (value: unknown) => void, onError: (error: unknown) => void): void {
    this.promise.then(onValue, onError)
  }

  abstract told(): void

  read(_: object, slot: string): unknown {
    if (this.#state === 'committed') return this.#result
    if (this.#state === 'failed') {
      this.told()
      throw this.#result
    }
    throw new PendingReadError(
      `Cannot read ${slot}: it was given a promise, which only the event loop can settle. Way out: await \`settled(…)\` or \`this.wait()\` in an async method.`,
    )
  }

  advance(): void {
    if (this.#state === 'committed') return
    if (this.#state === 'failed') {
      this.told()
      throw this.#result
    }
    throw new PendingReadError(
      'Cannot block on a promise: only the event loop can settle it. Make the @synchronized method async.',
    )
  }

  feed(target: Target, key: unknown): void {
    this.#feeds.push([target, key])
  }

  /** The promise has been settled. */
  protected ended(): void {}

  #end(state: 'committed' | 'failed', result: unknown): void {
    this.#state = state
    this.#result = result
    this.ended()
    if (state === 'failed') return
    for (const [target, key] of this.#feeds) target.fill(key, this, result)
  }
}
