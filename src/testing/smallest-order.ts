import type { OpenCall, Order } from './reordering.js'

/** The calls in the order of their places, but for some that keep the order that they had in another run. */
export class PartOfAnOrder implements Order {
  readonly name = 'part of an order'
  readonly isWhole = true
  // Those of the given calls that have not run, in their order.
  readonly #left: number[]

  /** `order` are the places of the calls as they ran, of which those in `kept` count. */
  constructor(order: readonly number[], kept: readonly number[]) {
    this.#left = order.filter((place) => kept.includes(place))
  }

  next(open: readonly OpenCall[]): number {
    const free = open.findIndex(({ place }) => !this.#left.includes(place) || this.#left[0] === place)
    return Math.max(free, 0)
  }

  isEarly(): boolean {
    return false
  }

  delivered({ place }: OpenCall): void {
    const at = this.#left.indexOf(place)
    if (at !== -1) this.#left.splice(at, 1)
  }
}

/**
 * The smallest set of items that still fails, found by leaving out ever smaller parts (delta debugging); `undefined` if not even all
 * of them fail. Gives up looking for smaller ones after so many tries.
 */
export async function smallest<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
  tries: number,
): Promise<readonly T[] | undefined> {
  if (!(await fails(items))) return undefined
  let found = items
  for (let parts = 2; found.length >= 2; ) {
    const size = Math.ceil(found.length / parts)
    let smaller: readonly T[] | undefined
    for (let start = 0; start < found.length && smaller === undefined; start += size) {
      const rest = [...found.slice(0, start), ...found.slice(start + size)]
      if (--tries < 0) return found
      if (rest.length > 0 && (await fails(rest))) smaller = rest
    }
    if (smaller !== undefined) {
      found = smaller
      parts = Math.max(parts - 1, 2)
    } else if (size === 1) return found
    else parts = Math.min(parts * 2, found.length)
  }
  return found
}
