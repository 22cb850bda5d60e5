import type { MethodEntry } from './metadata.js'

/**
 * What is known of whether a method changes what it is given: declared by `mutates`, or learnt from its calls. Calls that
 * might change an object run ahead of later calls that share it.
 */
export class Profile {
  #changes: boolean | undefined
  readonly #isDeclared: boolean

  constructor({ options }: MethodEntry) {
    const { mutates = 'auto' } = options
    this.#isDeclared = mutates !== 'auto'
    if (mutates === false) this.#changes = false
    else if (mutates !== 'auto') this.#changes = mutates.length > 0
  }

  /** Calls may change what they are given. */
  get isSuspect(): boolean {
    return this.#changes !== false
  }

  /** Nothing is known yet. */
  get isUnknown(): boolean {
    return this.#changes === undefined
  }

  /** Takes in what a call did. */
  learn(changed: boolean): void {
    if (this.#isDeclared || this.#changes === true) return
    this.#changes = changed
  }

  /** Stops waiting for the first call to tell. */
  assumeNone(): void {
    this.#changes ??= false
  }
}

const profiles = new WeakMap<MethodEntry, Profile>()

export function profileOf(method: MethodEntry): Profile {
  let profile = profiles.get(method)
  if (profile === undefined) {
    profile = new Profile(method)
    profiles.set(method, profile)
  }
  return profile
}
