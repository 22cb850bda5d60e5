/** Has places that can hold the Future of a call until the call is committed. */
export interface Target {
  /** What users hold in their hands. */
  readonly self: object
  /** Puts a call's value into the place that was given the call's Future, if the Future still stands there. */
  fill(key: unknown, call: object, value: unknown): void
}

const targets = new WeakSet<object>()

/** Makes an object known as a tracked target: it stays with its job and is not copied to workers. */
export function markTarget<T extends object>(target: T): T {
  targets.add(target)
  return target
}

export function isTarget(value: object): boolean {
  return targets.has(value)
}
