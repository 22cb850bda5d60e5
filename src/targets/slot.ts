import { callOf, Future, isFuture } from '../future.js'
import type { Target } from '../target.js'
import { Promised } from './promised.js'

/** What a place is to hold for a value that is put into it: the value, or a Future until the value is there. */
export function slotFor(value: unknown, target: Target, key: unknown): unknown {
  if (isFuture(value)) {
    const call = callOf(value)
    if (call.isCommitted) return call.result
    call.feed(target, key)
    return value
  }
  return isPromiseLike(value) ? new Future(new PromisedValue(Promise.resolve(value), target, key)) : value
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

/** Waits for all promises of the program's own that were put into these targets, and throws the reason of the first that rejected. */
export async function settlePromises(targets: readonly unknown[]): Promise<void> {
  for (const value of promisesIn(targets)) {
    try {
      await value.promise
    } finally {
      open.get(value.target.self)?.delete(value)
    }
  }
}

/** @throws {PendingReadError} if one of these targets holds a promise of the program's own that is not settled */
export function checkPromises(targets: readonly unknown[]): void {
  for (const value of promisesIn(targets)) value.advance()
}

// Promises that are not settled, and those that rejected and whose reason no synchronization event has thrown.
const open = new WeakMap<object, Set<PromisedValue>>()

function promisesIn(targets: readonly unknown[]): PromisedValue[] {
  return targets.flatMap((target) => [...(open.get(target as object) ?? [])])
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

/** A promise of the program's own in a place of a target. */
class PromisedValue extends Promised {
  readonly target: Target

  constructor(promise: Promise<unknown>, target: Target, key: unknown) {
    super(promise)
    this.target = target
    this.feed(target, key)
    const others = open.get(target.self) ?? new Set()
    open.set(target.self, others.add(this))
  }

  describe(): string {
    return 'a promise'
  }

  // Its rejections are the program's own business.
  told(): void {}

  override advance(): void {
    try {
      super.advance()
    } finally {
      if (this.isRejected) this.#close()
    }
  }

  protected override ended(): void {
    if (!this.isRejected) this.#close()
  }

  #close(): void {
    open.get(this.target.self)?.delete(this)
  }
}
