/** What `diffEntries` needs to know of a keyed collection, and whom it tells. */
export interface Entries<K> {
  /** The next key and then the next value of the old content. */
  key(): K
  before(): unknown
  /** The value that the collection has now. */
  now(key: K): unknown
  set(key: K, now: unknown, had: boolean, before: unknown): void
  delete(key: K, before: unknown): void
  /** Keys whose place does not depend on when they were set: a plain object's numbers. */
  isSorted?(key: K): boolean
}

/**
 * Finds the changes that lead from the old content of an ordered, keyed collection to `keys`, order included: a key that
 * moved is deleted and set again.
 */
export function diffEntries<K>(keys: readonly K[], oldCount: number, entries: Entries<K>): void {
  let i = 0
  let key: K | undefined
  for (; i < oldCount; i++) {
    key = entries.key()
    if (i >= keys.length || !sameKey(keys[i], key)) break
    const before = entries.before()
    const now = entries.now(key)
    if (!Object.is(now, before)) entries.set(key, now, true, before)
  }
  if (i === oldCount) {
    for (; i < keys.length; i++) entries.set(keys[i]!, entries.now(keys[i]!), false, undefined)
    return
  }
  const old = new Map<K, unknown>([[key!, entries.before()]])
  for (let j = i + 1; j < oldCount; j++) old.set(entries.key(), entries.before())
  diffTail(keys.slice(i), old, entries)
}

function diffTail<K>(keys: readonly K[], old: ReadonlyMap<K, unknown>, entries: Entries<K>): void {
  const left = new Set(keys)
  for (const [key, before] of old) if (!left.has(key)) entries.delete(key, before)
  const places = new Map([...old.keys()].map((key, i) => [key, i]))
  // A key can only be moved to the end: those before the first that stands too late have stayed.
  let last = -1
  let hasMoved = false
  for (const key of keys) {
    const place = places.get(key)
    const isSorted = entries.isSorted?.(key) ?? false
    if (!isSorted) {
      hasMoved ||= place === undefined || place < last
      last = place ?? last
    }
    const now = entries.now(key)
    if (place === undefined) entries.set(key, now, false, undefined)
    else if (hasMoved && !isSorted) {
      entries.delete(key, old.get(key))
      entries.set(key, now, false, undefined)
    } else if (!Object.is(now, old.get(key))) entries.set(key, now, true, old.get(key))
  }
}

// As Map and Set compare keys.
function sameKey(a: unknown, b: unknown): boolean {
  return a === b || (a !== a && b !== b)
}
