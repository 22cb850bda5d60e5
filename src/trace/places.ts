/** Gives everything its place in a list, in the order in which it is met. */
export class Places<T> {
  readonly #places = new Map<T, number>()

  /** Those that have been met. */
  get all(): T[] {
    return [...this.#places.keys()]
  }

  /** The place of one, from 0 on. */
  of(one: T): number {
    let place = this.#places.get(one)
    if (place === undefined) {
      place = this.#places.size
      this.#places.set(one, place)
    }
    return place
  }
}
