import { isTarget } from '../target.js'

const { hasOwnProperty } = Object.prototype

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
    this.#names = Object.keys(object)
    this.#values = this.#names.map((name) => (object as Record<string, unknown>)[name])
  }

  /** Whether nothing in it is data. */
  get isBare(): boolean {
    return this.#values.every((value) => typeof value === 'object' && value !== null)
  }

  /** Whether it has the same names in the same order, with the same values, and is open as before. */
  isUnchanged(): boolean {
    const object = this.#object as Record<string, unknown>
    const names = this.#names
    let count = 0
    // Runs once a call, and this is by far the fastest, and makes no list: the rest is for `isWhole`.
    for (const name in object) {
      // Inherited names come after all others. So asked, V8 knows the answer in this loop.
      if (!hasOwnProperty.call(object, name)) break
      if (name !== names[count] || !Object.is(object[name], this.#values[count])) return false
      count++
    }
    if (count < names.length) return false
    return Object.getPrototypeOf(object) === this.#prototype && Object.isExtensible(object)
  }

  /** Whether it has no properties that `isUnchanged` does not see: hidden ones, and those named by symbols. */
  isWhole(): boolean {
    const object = this.#object
    return (
      Object.getOwnPropertyNames(object).length === this.#names.length &&
      Object.getOwnPropertySymbols(object).length === 0
    )
  }
}

/** A job, the first of these objects, if the others are targets, which stay where they are. */
export function flatJob(nodes: readonly object[]): Flat | undefined {
  const isFlat = nodes.every((node, i) => (i === 0 ? Object.isExtensible(node) : isTarget(node)))
  return isFlat ? new Flat(nodes[0]!) : undefined
}
