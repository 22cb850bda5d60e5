import type { CallTrace } from './channels.js'
import type { Span } from './protocol.js'

// Times of so many calls stand in one table: a time in a property of its own would be an object of its own.
const CALLS = 512
const TIMES = 8
const [MADE, COPIED, LEFT, READY, BEGAN, ENDED, ARRIVED, OVER] = [0, 1, 2, 3, 4, 5, 6, 7] as const

let table = new Float64Array(0)
let next = 0

/** What is told of a call. Calls are many and short: it takes as little time and memory as it can. */
export class TracedCall implements CallTrace {
  readonly job: object
  readonly method: string
  readonly number: number
  readonly phase: number
  readonly args: readonly unknown[]
  readonly inputs: readonly CallTrace[]
  worker: number | undefined = undefined
  batch: number | undefined = undefined
  bytesOut = 0
  bytesIn = 0
  reruns = 0
  stale: Span[] | undefined = undefined
  outcome: CallTrace['outcome'] = undefined
  error: unknown = undefined
  readonly #times: Float64Array
  readonly #at: number

  constructor(
    job: object,
    method: string,
    number: number,
    phase: number,
    args: readonly unknown[],
    inputs: readonly CallTrace[],
    made: number,
    copied: number,
  ) {
    this.job = job
    this.method = method
    this.number = number
    this.phase = phase
    this.args = args
    this.inputs = inputs
    if (next === table.length) {
      table = new Float64Array(CALLS * TIMES)
      next = 0
    }
    this.#times = table
    this.#at = next
    next += TIMES
    this.#times[this.#at + MADE] = made
    this.#times[this.#at + COPIED] = copied
  }

  get made(): number {
    return this.#times[this.#at + MADE]!
  }

  get copied(): number {
    return this.#times[this.#at + COPIED]!
  }

  get left(): number | undefined {
    return this.#time(LEFT)
  }

  set left(time: number) {
    this.#times[this.#at + LEFT] = time
  }

  get ready(): number | undefined {
    return this.#time(READY)
  }

  set ready(time: number) {
    this.#times[this.#at + READY] = time
  }

  get began(): number | undefined {
    return this.#time(BEGAN)
  }

  get ended(): number | undefined {
    return this.#time(ENDED)
  }

  get arrived(): number | undefined {
    return this.#time(ARRIVED)
  }

  set arrived(time: number) {
    this.#times[this.#at + ARRIVED] = time
  }

  get over(): number | undefined {
    return this.#time(OVER)
  }

  set over(time: number) {
    this.#times[this.#at + OVER] = time
  }

  /** It has run. */
  ran(worker: number, batch: number, began: number, ended: number): void {
    this.worker = worker
    this.batch = batch
    this.#times[this.#at + BEGAN] = began
    this.#times[this.#at + ENDED] = ended
  }

  // Nothing happened in 1970.
  #time(which: number): number | undefined {
    const time = this.#times[this.#at + which]!
    return time === 0 ? undefined : time
  }
}
