// What is said again and again is said so often, in ms.
const EVERY = 60_000

/** Keeps a log short: what a broken connection says every second is said once a minute, with how often it happened. */
export class Repeats {
  readonly #now: () => number
  #message: string | undefined
  #saidAt = 0
  #unsaid = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** What to say of it now, if anything. */
  pass(message: string): string | undefined {
    const isOld = message === this.#message
    if (isOld && this.#now() - this.#saidAt < EVERY) {
      this.#unsaid++
      return undefined
    }
    const said = isOld && this.#unsaid > 0 ? `${message} (${this.#unsaid} times more since it was said last)` : message
    this.#message = message
    this.#saidAt = this.#now()
    this.#unsaid = 0
    return said
  }
}
