import type { Route } from '../protocol.js'

// More methods than any program has: beyond, somebody makes them up.
const MOST = 10_000

/** The routes that a host knows: the same method has one id here, whoever calls it. */
export class HostRoutes {
  readonly #routes = new Map<string, Route>()
  #lastId = 0

  own(route: Route): Route {
    const { id: _, ...rest } = route
    const key = JSON.stringify(rest)
    let known = this.#routes.get(key)
    if (known === undefined) {
      known = { ...rest, id: ++this.#lastId }
      if (this.#routes.size >= MOST) this.#routes.clear()
      this.#routes.set(key, known)
    }
    return known
  }
}
