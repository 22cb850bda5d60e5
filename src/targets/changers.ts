import type { Pending } from '../future.js'
import { contentOf } from '../target.js'

// Of the objects behind targets: the open calls that may change them.
const changers = new WeakMap<object, Set<Pending>>()

/** Has whoever reads one of these objects through a target wait for a call. Gives those that are behind a target. */
export function addChanger(call: Pending, objects: Iterable<object>): object[] {
  const held = [...objects].filter((object) => contentOf(object) !== undefined)
  for (const object of held) {
    const calls = changers.get(object)
    if (calls === undefined) changers.set(object, new Set([call]))
    else calls.add(call)
  }
  return held
}

export function removeChanger(call: Pending, objects: readonly object[]): void {
  for (const object of objects) changers.get(object)?.delete(call)
}

/** Waits for the calls that may change an object; `slot` says what is read of `target`. */
export function awaitChanges(object: object, target: object, slot: () => string): void {
  const calls = changers.get(object)
  if (calls === undefined || calls.size === 0) return
  for (const call of [...calls]) call.read(target, slot(), 'may change it')
}
