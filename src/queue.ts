/** First in, first out, at constant cost: an array whose taken front is cut off now and then. */
export class Queue<T> {
  #items: (T | undefined)[] = []
  #from = 0

  get length(): number {
    return this.#items.length - this.#from
  }

  /** Tells the new length. */
  push(item: T): number {
    return this.#items.push(item) - this.#from
  }

  /** The i-th item that is still here. */
  at(i: number): T {
    return this.#items[this.#from + i]!
  }

  shift(): T | undefined {
    if (this.#from === this.#items.length) return undefined
    const item = this.#items[this.#from]
    this.#items[this.#from++] = undefined
    if (this.#from > 1024 && this.#from * 2 > this.#items.length) this.#cut()
    return item
  }

  /** Takes the first `count` items. */
  take(count: number): T[] {
    const taken = this.#items.slice(this.#from, this.#from + count) as T[]
    this.#items.fill(undefined, this.#from, this.#from + count)
    this.#from += taken.length
    if (this.#from > 1024 && this.#from * 2 > this.#items.length) this.#cut()
    return taken
  }

  /** Takes the last `count` items, in their order. */
  takeLast(count: number): T[] {
    return this.#items.splice(this.#items.length - count, count) as T[]
  }

  /** Puts items before all others. */
  unshift(items: readonly T[]): void {
    if (items.length > this.#from) {
      this.#items = [...items, ...(this.#items.slice(this.#from) as T[])]
      this.#from = 0
      return
    }
    // What was taken has left room.
    this.#from -= items.length
    for (let i = 0; i < items.length; i++) this.#items[this.#from + i] = items[i]
  }

  #cut(): void {
    this.#items = this.#items.slice(this.#from)
    this.#from = 0
  }
}
