// So many calls tell how fast the next ones will go, or as many as are made in so many ms if these are more: what was longer ago
// counts less and less.
const CALLS = 16
const SPAN = 3000
// Less of a call, or of a ms, than this is nothing: what is divided by it stays a number.
const LEAST = 1e-9

/**
 * How fast work is done, by how much of it is done at some points in time. Both work and time count the less the more has been
 * done since: while nothing is finished nothing is forgotten, so that a rate of few long calls is as sound as one of many short ones.
 */
export class Rate {
  readonly #began: number
  readonly #before: number
  #at: number
  #done: number
  #work = 0
  #time = 0
  // Since something was done last: what it leads to is not known yet.
  #idle = 0

  /** `now` in ms, and how much is done by then. */
  constructor(now: number, done: number) {
    this.#began = this.#at = now
    this.#before = this.#done = done
  }

  /** Takes note of how much is done. Work that is done again counts once. */
  sample(now: number, done: number): void {
    const time = Math.max(0, now - this.#at)
    const work = Math.max(0, done - this.#done)
    this.#at += time
    this.#idle += time
    if (work < LEAST) return
    this.#done += work
    const keep = Math.exp(-work / Math.max(CALLS, SPAN * (this.perMillisecond ?? 0)))
    this.#work = this.#work * keep + work
    this.#time = this.#time * keep + this.#idle
    this.#idle = 0
  }

  /** `undefined` until something is done and some time has passed: otherwise a positive number. */
  get perMillisecond(): number | undefined {
    return quotient(this.#work, this.#time + this.#idle)
  }

  /** The same for the whole time. */
  get mean(): number | undefined {
    return quotient(this.#done - this.#before, this.#at - this.#began)
  }
}

function quotient(work: number, time: number): number | undefined {
  return work >= LEAST && time >= LEAST ? work / time : undefined
}
