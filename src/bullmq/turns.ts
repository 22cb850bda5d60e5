// A batch waits behind others only if they will be done in so many ms, and no longer than twice as long and this.
const SHORT = 300
const PATIENCE = 10

interface Waiting {
  readonly resolve: (mayRun: boolean) => void
  timer: NodeJS.Timeout | undefined
}

/**
 * Who of the batches of a host may run: one for each lane, and for each of them one may wait, so that no lane waits for Redis. One that
 * would wait for long goes back to the queue, where another host may be free.
 */
export class Turns {
  readonly #lanes: number
  readonly #room: (batches: number) => void
  // How long those that run are expected to take, in ms; `undefined` where nobody knows.
  readonly #running: (number | undefined)[] = []
  readonly #waiting: Waiting[] = []
  #isClosed = false

  /** `room` is told how many batches the host should have. */
  constructor(lanes: number, room: (batches: number) => void) {
    this.#lanes = lanes
    this.#room = room
  }

  /** Number of batches that are running. */
  get running(): number {
    return this.#running.length
  }

  /** Whether a batch may run, as soon as that is known; if not, it must go back. Whoever may run leaves when it is done. */
  async enter(expected: number | undefined): Promise<boolean> {
    if (this.#isClosed) return false
    if (this.#running.length >= this.#lanes && !(await this.#wait())) return false
    this.#running.push(expected)
    this.#tellRoom()
    return true
  }

  leave(expected: number | undefined): void {
    this.#running.splice(this.#running.indexOf(expected), 1)
    this.#waiting.shift()?.resolve(true)
    this.#tellRoom()
  }

  /** What waits goes back, and nothing more may run. */
  close(): void {
    this.#isClosed = true
    for (const { resolve } of this.#waiting.splice(0)) resolve(false)
  }

  async #wait(): Promise<boolean> {
    if (!this.#areShort || this.#waiting.length >= this.#lanes) {
      this.#room(this.#lanes)
      return false
    }
    const longest = Math.max(...(this.#running as number[]))
    return new Promise<boolean>((resolve) => {
      const waiting: Waiting = {
        resolve: (mayRun) => {
          clearTimeout(waiting.timer)
          resolve(mayRun)
        },
        timer: undefined,
      }
      // A call that takes longer than expected is not told by anything.
      waiting.timer = setTimeout(
        () => {
          this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
          this.#room(this.#lanes)
          resolve(false)
        },
        PATIENCE + 2 * longest,
      )
      this.#waiting.push(waiting)
    })
  }

  get #areShort(): boolean {
    return this.#running.every((expected) => expected !== undefined && expected <= SHORT)
  }

  #tellRoom(): void {
    this.#room(this.#areShort ? 2 * this.#lanes : this.#lanes)
  }
}
