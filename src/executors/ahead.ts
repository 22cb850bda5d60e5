import type { ExecutorCall } from '../protocol.js'

// A call that takes so long, in ms, is worth going ahead of others.
const LONG = 2
// While so few are waiting for each lane, their turn comes soon.
const FEW = 8

/**
 * Which of the calls that wait go ahead of their turn. A long call that begins last keeps one lane busy while all others have
 * nothing left: in a list that is sorted by length, for as long as its longest one takes. So the last one is tried, and as long as
 * these turn out to be long, twice as many.
 */
export class Ahead {
  readonly #least: number
  // Those that have gone ahead and of which nothing has been heard.
  readonly #calls = new Set<ExecutorCall>()
  #size = 1
  #left = 0
  #time = 0
  // The last ones are short.
  #isOver = false

  /** Less than `least` ms of work in all is not worth a message more. */
  constructor(least: number) {
    this.#least = least
  }

  /** How many of the last of so many calls are to go ahead, where one takes `mean` ms and there are so many lanes. */
  due(waiting: number, lanes: number, mean: number): number {
    const isDue = !this.#isOver && this.#left === 0 && lanes > 1 && waiting * mean > this.#least
    return isDue && waiting > (FEW + this.#size) * lanes ? this.#size : 0
  }

  /** They go. */
  sent(calls: readonly ExecutorCall[]): void {
    for (const call of calls) this.#calls.add(call)
    this.#left = calls.length
    this.#time = 0
  }

  /** Takes in how long some calls took together, `call` the first of them. `false` if they have not gone ahead. */
  timed(call: ExecutorCall, milliseconds: number, calls: number): boolean {
    if (!this.#calls.has(call)) return false
    this.#time += milliseconds
    this.#left -= calls
    if (this.#left > 0) return true
    this.#isOver = this.#time < LONG * this.#calls.size
    this.#size *= 2
    this.#calls.clear()
    return true
  }

  /** No calls are waiting: those that come are others. */
  reset(): void {
    if (this.#calls.size > 0) this.#calls.clear()
    this.#size = 1
    this.#left = 0
    this.#isOver = false
  }
}
