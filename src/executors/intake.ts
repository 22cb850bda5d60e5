import type { Arrival } from './arrival.js'

/** The reports that are being taken in, one inside another: whoever is told of a call may block until the next one is over. */
export class Intake {
  readonly #arrivals: Arrival[] = []

  /** Tells the calls of a report. */
  take(arrival: Arrival): void {
    this.#arrivals.push(arrival)
    try {
      arrival.tell()
    } finally {
      this.#arrivals.splice(this.#arrivals.indexOf(arrival), 1)
    }
  }

  /** Tells the calls that are still to be told, for somebody who waits for one. `false` if there are none. */
  takeRest(): boolean {
    let any = false
    for (let i = 0; i < this.#arrivals.length; i++) any = this.#arrivals[i]!.tell() || any
    return any
  }
}
