import { isTarget } from '../target.js'

/**
 * The own properties of an object as they were: all there is to compare where they hold nothing but primitives and what cannot
 * change. It is compared before and after every call, so it has to be quick.
 */
export class Flat {
  readonly #object: object
  readonly #prototype: object | null
  readonly #names: readonly string[]
  readonly #values: readonly unknown[]

  constructor(object: object) {
    this.#object = object
    this.#prototype = Object.getPrototypeOf(object) as object | null
    this.#names = Object.getOwnPropertyNames(object)
    this.#values = this.#names.map((name) => (object as Record<string, unknown>)[name])
  }

  /** Whether nothing in it is data. */
  get isBare(): boolean {
    return this.#values.every((value) => typeof value === 'object' && value !== null)
  }

  /** Whether it has the same names in the same order, with the same values, and is open as before. */
  isUnchanged(): boolean {
    // Asking for names and symbols apart costs a third of what `Reflect.ownKeys` does.
    const object = this.#object as Record<string, unknown>
    const names = Object.getOwnPropertyNames(object)
    const { length } = this.#names
    if (names.length !== length || Object.getOwnPropertySymbols(object).length > 0) return false
    if (Object.getPrototypeOf(object) !== this.#prototype || !Object.isExtensible(object)) return false
    for (let i = 0; i < length; i++) {
      const name = names[i]!
      if (name !== this.#names[i] || !Object.is(object[name], this.#values[i])) return false
    }
    return true
  }
}

/** A job, the first of these objects, if the others are targets, which stay where they are. */
export function flatJob(nodes: readonly object[]): Flat | undefined {
  const isFlat = nodes.every((node, i) => (i === 0 ? Object.isExtensible(node) : isTarget(node)))
  return isFlat ? new Flat(nodes[0]!) : undefined
}
