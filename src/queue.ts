// A block holds so many items: a power of two.
const BITS = 10
const BLOCK = 1 << BITS
const MASK = BLOCK - 1

/** First in, first out, at constant cost: blocks of equal size, so that nothing is ever copied to make room. */
export class Queue<T> {
  readonly #blocks: (T | undefined)[][] = [[]]
  // An empty one.
  #spare: (T | undefined)[] | undefined
  // The places of the first item and behind the last one, counted from the first block's beginning.
  #from = 0
  #to = 0

  get length(): number {
    return this.#to - this.#from
  }

  /** Tells the new length. */
  push(item: T): number {
    const block = this.#to >> BITS
    // The first one grows as it has to: many queues are short.
    if (block === this.#blocks.length) this.#blocks.push(this.#takeSpare() ?? new Array(BLOCK))
    this.#blocks[block]![this.#to++ & MASK] = item
    return this.#to - this.#from
  }

  /** The i-th item that is still here. */
  at(i: number): T {
    const place = this.#from + i
    return this.#blocks[place >> BITS]![place & MASK]!
  }

  shift(): T | undefined {
    if (this.#from === this.#to) return undefined
    const item = this.at(0)
    this.#blocks[0]![this.#from] = undefined
    this.#dropFirst(1)
    return item
  }

  /** Takes the first `count` items. */
  take(count: number): T[] {
    let taken: T[] = []
    for (let left = Math.min(count, this.length); left > 0; ) {
      const block = this.#blocks[0]!
      const end = Math.min(this.#from + left, BLOCK)
      const part = block.slice(this.#from, end) as T[]
      block.fill(undefined, this.#from, end)
      taken = taken.length === 0 ? part : taken.concat(part)
      left -= part.length
      this.#dropFirst(part.length)
    }
    return taken
  }

  /** Takes the last `count` items, in their order. */
  takeLast(count: number): T[] {
    const taken = new Array<T>(Math.min(count, this.length))
    for (let i = taken.length - 1; i >= 0; i--) {
      const block = this.#blocks[--this.#to >> BITS]!
      taken[i] = block[this.#to & MASK]!
      block[this.#to & MASK] = undefined
    }
    this.#blocks.length = Math.max(1, (this.#to + MASK) >> BITS)
    return taken
  }

  /** Puts items before all others. */
  unshift(items: readonly T[]): void {
    while (this.#from < items.length) {
      this.#blocks.unshift(this.#takeSpare() ?? new Array(BLOCK))
      this.#from += BLOCK
      this.#to += BLOCK
    }
    this.#from -= items.length
    for (let i = 0; i < items.length; i++) {
      const place = this.#from + i
      this.#blocks[place >> BITS]![place & MASK] = items[i]
    }
  }

  #takeSpare(): (T | undefined)[] | undefined {
    const spare = this.#spare
    this.#spare = undefined
    return spare
  }

  // The first items of the first block have been taken: a block that is empty goes, or is used again.
  #dropFirst(count: number): void {
    this.#from += count
    if (this.#from === this.#to) {
      this.#from = 0
      this.#to = 0
    } else if (this.#from === BLOCK) {
      this.#spare = this.#blocks.shift()
      this.#from = 0
      this.#to -= BLOCK
    }
  }
}
