/** Has places that can hold the Future of a call until the call is committed. */
export interface Target {
  /** What users hold in their hands. */
  readonly self: object
  /** Puts a call's value into the place that was given the call's Future, if the Future still stands there. */
  fill(key: unknown, call: object, value: unknown): void
}

/** A plain object or an array behind a target, which crosses in the target's place where this is handed to a call. */
export interface Content {
  /** What users hold in their hands. */
  readonly proxy: object
  readonly held: object
  /** Makes a target of an object that the content holds, if it is one for users. */
  adopt(child: object): void
  /** A call has put a value into the content. */
  written(key: unknown, value: unknown): void
}

const targets = new WeakMap<object, Content | undefined>()
const contents = new WeakMap<object, Content>()

/** Whether anything stands behind a target: nothing is looked up before. */
export let hasContents = false

/** Makes an object known as a tracked target: it stays with its job and is not copied to workers. */
export function markTarget<T extends object>(target: T, content?: Content): T {
  targets.set(target, content)
  if (content !== undefined) {
    contents.set(content.held, content)
    hasContents = true
  }
  return target
}

export function isTarget(value: object): boolean {
  return targets.has(value)
}

/** What stands behind a target and can be handed to a call in its place. */
export function behind(target: object): Content | undefined {
  return hasContents ? targets.get(target) : undefined
}

/** How an object that stands behind a target is known to it. */
export function contentOf(value: object): Content | undefined {
  return hasContents ? contents.get(value) : undefined
}
