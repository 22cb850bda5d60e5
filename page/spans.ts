/** Stretches of time in a row, in the order in which they begin, which may overlap. */
export class Spans {
  readonly from: Float64Array
  readonly to: Float64Array
  /** What each of them is, and how it is drawn. */
  readonly item: Int32Array
  readonly kind: Uint8Array
  // How far this one or any before it reaches, and how much time all of these cover together.
  readonly #reach: Float64Array
  readonly #covered: Float64Array

  constructor(list: readonly Span[]) {
    const sorted = [...list].sort((a, b) => a.from - b.from || a.to - b.to)
    this.from = Float64Array.from(sorted, ({ from }) => from)
    this.to = Float64Array.from(sorted, ({ to }) => to)
    this.item = Int32Array.from(sorted, ({ item }) => item)
    this.kind = Uint8Array.from(sorted, ({ kind }) => kind)
    this.#reach = new Float64Array(sorted.length)
    this.#covered = new Float64Array(sorted.length)
    let reach = Number.NEGATIVE_INFINITY
    let covered = 0
    for (let i = 0; i < sorted.length; i++) {
      covered += Math.max(0, this.to[i]! - Math.max(this.from[i]!, reach))
      reach = Math.max(reach, this.to[i]!)
      this.#reach[i] = reach
      this.#covered[i] = covered
    }
  }

  get length(): number {
    return this.from.length
  }

  /** The first one that may reach beyond a time. */
  firstBeyond(time: number): number {
    return countUpTo(this.#reach, time)
  }

  /** Number of those that have begun by a time. */
  begunBy(time: number): number {
    return countUpTo(this.from, time)
  }

  /** How much time is covered before a time. */
  covered(time: number): number {
    const last = this.begunBy(time) - 1
    return last < 0 ? 0 : this.#covered[last]! - Math.max(0, this.#reach[last]! - time)
  }

  /** The one that began last of those that go on at a time; of those that end by then, none. */
  at(time: number): number {
    for (let i = this.begunBy(time) - 1; i >= 0 && this.#reach[i]! > time; i--) if (this.to[i]! > time) return i
    return -1
  }

  /** The one that is nearest to a time, no farther than this. */
  near(time: number, farthest: number): number {
    const here = this.at(time)
    if (here !== -1) return here
    const next = this.begunBy(time)
    const toNext = next < this.length ? this.from[next]! - time : Number.POSITIVE_INFINITY
    const toLast = next > 0 ? time - this.to[next - 1]! : Number.POSITIVE_INFINITY
    if (Math.min(toNext, toLast) > farthest) return -1
    return toNext < toLast ? next : next - 1
  }
}

export interface Span {
  readonly from: number
  readonly to: number
  readonly item: number
  readonly kind: number
}

/** How many of these numbers, which rise, are not greater. */
export function countUpTo(numbers: Float64Array, most: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! <= most) low = middle + 1
    else high = middle
  }
  return low
}
