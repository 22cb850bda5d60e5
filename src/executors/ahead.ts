import type { ExecutorCall } from '../protocol.js'

// A call that takes so long, in ms, is worth going ahead of others, if it is so many times as long as those whose turn it is.
const LONG = 2
const TIMES = 4
// Those that go together are not to keep a lane from others for longer than this, in ms.
const TOGETHER = 50
// While so few are waiting for each lane, their turn comes soon.
const FEW = 8

/**
 * Which of the calls that wait go ahead of their turn. A long call that begins last keeps one lane busy while all others have
 * nothing left: in a list that is sorted by length, for as long as its longest one takes. So the last one is tried, and as long as
 * these turn out to be much longer than others, twice as many.
 */
export class Ahead {
  readonly #least: number
  // Those that have gone ahead and of which nothing has been heard.
  readonly #calls = new Set<ExecutorCall>()
  #left = 0
  #time = 0
  // How many went last, and how long each of them took.
  #size = 0
  #mean = Number.POSITIVE_INFINITY

  /** Less than `least` ms of work in all is not worth a message more. */
  constructor(least: number) {
    this.#least = least
  }

  /** How many of the last of so many calls are to go ahead, where the first takes `mean` ms and there are so many lanes. */
  due(waiting: number, lanes: number, mean: number): number {
    if (this.#left > 0 || lanes === 1 || waiting * mean <= this.#least) return 0
    if (this.#mean < Math.max(LONG, TIMES * mean)) return 0
    const size = Math.max(1, Math.min(2 * this.#size, Math.floor(TOGETHER / this.#mean)))
    return waiting > (FEW + size) * lanes ? size : 0
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
    this.#size = this.#calls.size
    this.#mean = this.#time / this.#size
    this.#calls.clear()
    return true
  }

  /** No calls are waiting: those that come are others. */
  reset(): void {
    if (this.#calls.size > 0) this.#calls.clear()
    this.#left = 0
    this.#size = 0
    this.#mean = Number.POSITIVE_INFINITY
  }
}
