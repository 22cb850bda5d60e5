// Of every object of a shared value: the value. What is part of two belongs to the first.
const roots = new WeakMap<object, object>()

/** Whether anything is shared: nothing is looked up before. */
export let hasShared = false

/**
 * Makes a value read-only and passes it to every call at the cost of a reference: it is sent to each worker once. The value
 * and all that it holds are frozen, here and in the workers. Typed arrays cannot be frozen: writing to one that is shared is
 * found at the next synchronization event and throws there.
 *
 * @param value plain data, typed arrays, Maps, Sets and `@serializable` instances, nested at will
 * @returns the same value
 * @example
 * const grid = shared({ lats, lons, values: new Float64Array(60_480) })
 */
export function shared<T>(value: T): T {
  if (typeof value === 'object' && value !== null && roots.get(value) !== value) {
    freeze(value)
    roots.set(value, value)
    hasShared = true
  }
  return value
}

/** Whether a value was given to `shared()`. */
export function isShared(value: object): boolean {
  return roots.get(value) === value
}

/** The shared value of which an object is part. */
export function sharedRootOf(value: object): object | undefined {
  return hasShared ? roots.get(value) : undefined
}

function freeze(root: object): void {
  const seen = new Set<object>([root])
  for (const value of seen) {
    if (!roots.has(value)) roots.set(value, root)
    if (ArrayBuffer.isView(value)) {
      if (!roots.has(value.buffer)) roots.set(value.buffer, root)
      continue
    }
    Object.freeze(value)
    const held: unknown[] = Object.values(value)
    if (value instanceof Map) held.push(...value.keys(), ...value.values())
    if (value instanceof Set) held.push(...value)
    for (const item of held) if (typeof item === 'object' && item !== null) seen.add(item)
  }
}
