import type { ExecutorCall, Report } from '../protocol.js'
import { decodeFailure } from './decode-failure.js'

type Outcomes = Pick<Report, 'values' | 'replies' | 'failures'>

/** Calls that have been reported, and what came of them. */
export class Arrival {
  readonly #calls: readonly (ExecutorCall | undefined)[]
  readonly #report: Outcomes
  #told = 0
  #reply = 0
  #failure = 0

  /** `undefined` stands for a call that is not to be told. */
  constructor(calls: readonly (ExecutorCall | undefined)[], report: Outcomes) {
    this.#calls = calls
    this.#report = report
  }

  /** Tells the calls that have not been told: whoever is told of one may block until the next is. `false` if there are none. */
  tell(): boolean {
    const calls = this.#calls
    const { values, replies = NONE, failures = NONE } = this.#report
    if (this.#told === calls.length) return false
    while (this.#told < calls.length) {
      const i = this.#told++
      const call = calls[i]
      if (replies[this.#reply]?.[0] === i) {
        const [, reply] = replies[this.#reply++]!
        call?.reply(reply)
      } else if (failures[this.#failure]?.[0] === i) {
        const [, failure] = failures[this.#failure++]!
        call?.fail(decodeFailure(failure))
      } else call?.succeed(values[i])
    }
    return true
  }
}

const NONE: readonly never[] = []
