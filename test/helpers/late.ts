import type { Executor } from '../../src/protocol.js'
import { type OpenCall, type Order, Reordering } from '../../src/testing/reordering.js'

/**
 * Runs calls as late as it may, in this thread: none before somebody waits, and then all on the snapshots that they have; what came of
 * them is told one by one, that of the earliest first.
 */
export function late(): Executor {
  return new Reordering(new Late())
}

class Late implements Order {
  readonly name = 'late'
  readonly isWhole = false
  readonly #ran = new Set<number>()

  next(open: readonly OpenCall[]): number {
    const waiting = open.findIndex(({ place }) => !this.#ran.has(place))
    if (waiting !== -1) return waiting
    const earliest = Math.min(...open.map(({ number }) => number))
    return open.findIndex(({ number }) => number === earliest)
  }

  isEarly(): boolean {
    return false
  }

  ran({ place }: OpenCall): void {
    this.#ran.add(place)
  }
}
