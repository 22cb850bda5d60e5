/** What `diffEntries` needs to know of a keyed collection, and whom it tells. */
export interface Entries<K> {
  /** The next key and then the next value of the old content. */
  key(): K
  before(): unknown
  /** The value that the collection has now. */
  now(key: K): unknown
  set(key: K, now: unknown, had: boolean, before: unknown): void
  delete(key: K, before: unknown): void
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
  const expected = [...[...old.keys()].filter((key) => left.has(key)), ...keys.filter((key) => !old.has(key))]
  const inOrder = expected.every((key, i) => sameKey(key, keys[i]))
  for (const [key, before] of old) if (!inOrder || !left.has(key)) entries.delete(key, before)
  for (const key of keys) {
    const before = old.get(key)
    const now = entries.now(key)
    const had = old.has(key)
    if (!inOrder || !had || !Object.is(now, before)) entries.set(key, now, had && inOrder, had && inOrder ? before : undefined)
  }
}

// As Map and Set compare keys.
function sameKey(a: unknown, b: unknown): boolean {
  return a === b || (a !== a && b !== b)
}
