// So many calls and no more tell how long the next ones will take: what was longer ago counts less and less.
const WINDOW = 32

/** What is known of how long the calls of each route take, in ms, by the workers' own clocks. */
export class Estimates {
  readonly #means = new Map<number, { mean: number; seen: number }>()

  /** `undefined` until a call of the route has come back. */
  mean(route: number): number | undefined {
    return this.#means.get(route)?.mean
  }

  /** Takes in how long some calls took together. */
  learn(route: number, milliseconds: number, calls: number): void {
    const known = this.#means.get(route)
    if (known === undefined) {
      this.#means.set(route, { mean: milliseconds / calls, seen: calls })
      return
    }
    known.seen = Math.min(WINDOW, known.seen + calls)
    known.mean += Math.min(1, calls / known.seen) * (milliseconds / calls - known.mean)
  }
}
