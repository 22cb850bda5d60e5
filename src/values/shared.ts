const sharedRoots = new WeakSet<object>()

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
  if (typeof value === 'object' && value !== null && !sharedRoots.has(value)) {
    freeze(value)
    sharedRoots.add(value)
  }
  return value
}

/** Whether a value was given to `shared()`. */
export function isShared(value: object): boolean {
  return sharedRoots.has(value)
}

function freeze(root: object): void {
  const seen = new Set<object>([root])
  for (const value of seen) {
    if (ArrayBuffer.isView(value)) continue
    Object.freeze(value)
    const held: unknown[] = Object.values(value)
    if (value instanceof Map) held.push(...value.keys(), ...value.values())
    if (value instanceof Set) held.push(...value)
    for (const item of held) if (typeof item === 'object' && item !== null) seen.add(item)
  }
}
