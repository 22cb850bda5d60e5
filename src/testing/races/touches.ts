import type { Access, CallStrand, Held, Place } from './place.js'

/** What the caller did to a place while calls were under way. */
interface Touch {
  /** Its place among all of them. */
  readonly order: number
  readonly access: Access
  readonly before: Held | undefined
}

/**
 * What the caller does beside calls that have not ended when it goes on: only when they end shows what they have done at the same
 * places.
 */
export class Touches {
  // The calls, and how much the caller had touched when they began.
  readonly #underWay = new Map<CallStrand, number>()
  readonly #touches = new Map<Place, Touch[]>()
  #count = 0

  /** Whether any call is under way. */
  get areOpen(): boolean {
    return this.#underWay.size > 0
  }

  /** A call goes on, or begins, while its caller does. */
  begin(strand: CallStrand): void {
    this.#underWay.set(strand, this.#count)
  }

  /** The caller has touched a place, which held something `before`. */
  add(access: Access, before: Held | undefined): void {
    const touch: Touch = { order: this.#count++, access, before }
    const touches = this.#touches.get(access.place)
    if (touches === undefined) this.#touches.set(access.place, [touch])
    else touches.push(touch)
  }

  /** A call has ended: gives what the caller has touched at each of its places meanwhile. */
  end(strand: CallStrand): readonly (readonly [earlier: Access, touch: Touch])[] {
    const since = this.#underWay.get(strand)
    if (since === undefined) return []
    this.#underWay.delete(strand)
    const met = strand.accesses.flatMap((earlier) =>
      (this.#touches.get(earlier.place) ?? [])
        .filter(({ order }) => order >= since)
        .map((touch) => [earlier, touch] as const),
    )
    if (this.#underWay.size === 0) this.#touches.clear()
    return met
  }

  forget(): void {
    this.#underWay.clear()
    this.#touches.clear()
  }
}
