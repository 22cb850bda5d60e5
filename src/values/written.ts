import { types } from 'node:util'
import type { Change } from '../protocol.js'
import { own } from './properties.js'

// `renewed`: deleted, and then set again.
type Write = 'set' | 'deleted' | 'renewed'

/**
 * The places that a call wrote. Those of an object, a Map or a Set are kept in the order in which the call put them there, which is
 * the order of its new keys, whatever other calls have done to the old ones meanwhile.
 */
export class Written {
  readonly #writes = new Map<object, Map<unknown, Write>>()

  has(holder: object, key: unknown): boolean {
    return this.#writes.get(holder)?.has(key) ?? false
  }

  set(holder: object, key: unknown): void {
    const writes = this.#of(holder)
    const before = writes.get(key)
    if (before === undefined) writes.set(key, 'set')
    else if (before === 'deleted') {
      writes.delete(key)
      writes.set(key, 'renewed')
    }
  }

  delete(holder: object, key: unknown): void {
    const writes = this.#of(holder)
    writes.delete(key)
    writes.set(key, 'deleted')
  }

  /**
   * All that was written, from what made a difference to the objects that the call saw. What made none may make one to those that
   * another call has changed meanwhile: the later write wins, and a key that was set again comes last.
   */
  patch(differences: readonly Change[]): Change[] {
    const byHolder = new Map<object, Change[]>()
    for (const change of differences) {
      const changes = byHolder.get(change[1])
      if (changes === undefined) byHolder.set(change[1], [change])
      else changes.push(change)
    }
    const patch: Change[] = []
    for (const [holder, changes] of byHolder) if (!this.#writes.has(holder)) patch.push(...changes)
    for (const [holder, writes] of this.#writes) patch.push(...inOrder(holder, writes, byHolder.get(holder) ?? []))
    return patch
  }

  #of(holder: object): Map<unknown, Write> {
    let writes = this.#writes.get(holder)
    if (writes === undefined) {
      writes = new Map()
      this.#writes.set(holder, writes)
    }
    return writes
  }
}

function inOrder(holder: object, writes: ReadonlyMap<unknown, Write>, differences: readonly Change[]): Change[] {
  const byKey = new Map<unknown, Change[]>()
  const others: Change[] = []
  for (const change of differences) {
    const key = change[0] === 'length' ? 'length' : change[2]
    if (!writes.has(key)) others.push(change)
    else byKey.set(key, [...(byKey.get(key) ?? []), change])
  }
  // The elements of an array have their order from their numbers, and its length comes after them.
  if (Array.isArray(holder)) {
    const silent = [...writes.keys()].filter((key) => !byKey.has(key))
    return [...differences, ...silent.map((key) => silentWrite(holder, key))]
  }
  for (const [key, write] of writes) {
    const changes = byKey.get(key) ?? [silentWrite(holder, key)]
    const [[operation, , , now, had, before]] = changes as [Change]
    // What was locked may have refused to take the key again.
    const isRenewed = write === 'renewed' && changes.length === 1 && !operation.endsWith('delete')
    if (isRenewed) others.push(['renew', holder, key, now, had, before])
    else others.push(...changes)
  }
  return others
}

// A write of what was there, or a deletion of what was not.
function silentWrite(holder: object, key: unknown): Change {
  if (types.isMap(holder)) {
    const now = holder.get(key)
    return holder.has(key) ? ['map.set', holder, key, now, true, now] : ['map.delete', holder, key, undefined, false]
  }
  if (types.isSet(holder))
    return holder.has(key) ? ['set.add', holder, key, undefined, true] : ['set.delete', holder, key, undefined, false]
  if (Array.isArray(holder) && key === 'length') return ['length', holder, undefined, holder.length, false]
  const now = own(holder, key as PropertyKey)
  return Object.hasOwn(holder, key as PropertyKey)
    ? ['set', holder, key, now, true, now]
    : ['delete', holder, key, undefined, false]
}
