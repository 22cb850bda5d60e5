/** The stretch of time that is shown, in ms. */
export class View {
  readonly #whole: readonly [from: number, to: number]
  readonly #shortest: number
  readonly #watchers: (() => void)[] = []
  #from: number
  #to: number

  constructor(from: number, to: number, shortest: number) {
    this.#whole = [from, to]
    this.#shortest = Math.min(shortest, to - from)
    this.#from = from
    this.#to = to
  }

  get from(): number {
    return this.#from
  }

  get to(): number {
    return this.#to
  }

  get length(): number {
    return this.#to - this.#from
  }

  /** How many times as long the whole is. */
  get zoom(): number {
    return (this.#whole[1] - this.#whole[0]) / this.length
  }

  onChange(watcher: () => void): void {
    this.#watchers.push(watcher)
  }

  /** Shows this much, as far as it is there. */
  show(from: number, to: number): void {
    const [first, last] = this.#whole
    const length = Math.min(Math.max(to - from, this.#shortest), last - first)
    const start = Math.min(Math.max((from + to - length) / 2, first), last - length)
    if (start === this.#from && start + length === this.#to) return
    this.#from = start
    this.#to = start + length
    for (const watcher of this.#watchers) watcher()
  }

  showAll(): void {
    this.show(...this.#whole)
  }

  /** Moves by so many times what is shown. */
  pan(by: number): void {
    const length = this.length
    this.show(this.#from + by * length, this.#to + by * length)
  }

  /** Shows so many times less, with this time where it is now. */
  zoomBy(factor: number, around = (this.#from + this.#to) / 2): void {
    const length = Math.max(this.length / factor, this.#shortest)
    const place = (around - this.#from) / this.length
    this.show(around - place * length, around + (1 - place) * length)
  }

  /** Moves no farther than needed to show a stretch of time, and zooms in on it if it can hardly be seen. */
  reveal(from: number, to: number): void {
    const least = this.length / 200
    const length =
      to - from < least ? Math.max((to - from) * 20, this.#shortest) : Math.max(this.length, (to - from) * 1.2)
    if (length === this.length && from >= this.#from && to <= this.#to) return
    const middle = (from + to) / 2
    this.show(middle - length / 2, middle + length / 2)
  }
}
