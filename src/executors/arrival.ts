import type { ExecutorCall, Report } from '../protocol.js'
import { decodeFailure } from './decode-failure.js'

/** Calls that have been reported, and what came of them. */
export class Arrival {
  readonly #calls: readonly ExecutorCall[]
  readonly #report: Report
  #told = 0
  #reply = 0
  #failure = 0

  constructor(calls: readonly ExecutorCall[], report: Report) {
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
      const call = calls[i]!
      if (replies[this.#reply]?.[0] === i) call.reply(replies[this.#reply++]![1])
      else if (failures[this.#failure]?.[0] === i) call.fail(decodeFailure(failures[this.#failure++]![1]))
      else call.succeed(values[i])
    }
    return true
  }
}

const NONE: readonly never[] = []
