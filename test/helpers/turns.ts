import { availableParallelism } from 'node:os'

/** Lets no more run at once than there are processors. */
export class Turns {
  readonly #waiting: (() => void)[] = []
  #left = availableParallelism()

  async take<T>(run: () => Promise<T>): Promise<T> {
    if (this.#left > 0) this.#left--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await run()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#left++
      else next()
    }
  }
}
