/** What has arrived and has not been taken. */
export class Arrivals<T> {
  readonly #arrived: T[] = []
  #wake: (() => void) | undefined

  push(item: T): void {
    this.#arrived.push(item)
    this.#wake?.()
  }

  /** The next one if it is there. */
  poll(): T | undefined {
    return this.#arrived.shift()
  }

  /** The next one, whenever it comes. */
  async next(): Promise<T> {
    for (;;) {
      const item = this.#arrived.shift()
      if (item !== undefined) return item
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
  }
}
