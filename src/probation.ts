import type { Profile } from './profile.js'

// Calls that share objects with the first calls of a method wait for these to tell whether it changes them; but from when
// the first began no longer than this, in ms: a few long calls are not to lose their parallel run to it.
const LENGTH = 1000

/** The time in which the first calls of a method must show whether it changes anything; one method of a job after the other. */
export class Probation {
  readonly #acquit: (profile: Profile) => void
  #ends = 0
  #profile: Profile | undefined

  /** `acquit` is told of a method that is taken to change nothing. */
  constructor(acquit: (profile: Profile) => void) {
    this.#acquit = acquit
  }

  begin(profile: Profile): void {
    if (this.#profile !== undefined) return
    this.#profile = profile
    this.#ends = performance.now() + LENGTH
    setTimeout(() => this.check(), LENGTH).unref()
  }

  /** Milliseconds that are left, if it is running. */
  get left(): number | undefined {
    return this.#profile && Math.max(1, this.#ends - performance.now())
  }

  /** Ends it if its time is up. */
  check(): void {
    const profile = this.#profile
    if (profile === undefined || performance.now() < this.#ends - 1) return
    this.#profile = undefined
    if (!profile.isUnknown) return
    profile.assumeNone()
    this.#acquit(profile)
  }
}
