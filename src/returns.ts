import { callOf, isFuture, type Pending, promiseOf } from './future.js'
import { isTarget } from './target.js'
import { define } from './values/properties.js'

/**
 * Replaces the Futures in what a `@synchronized` method returns by their values, within arrays, Maps, Sets and plain objects.
 * Those of other jobs, and of phases that have failed, are waited for.
 */
export async function withoutFutures<T>(returned: T): Promise<T> {
  const open = new Set<Pending>()
  const replaced = valueOf(returned, new Map(), open)
  for (const call of open) await promiseOf(call)
  return (open.size === 0 ? replaced : valueOf(replaced, new Map(), open)) as T
}

/** The same, blocking the thread. */
export function withoutFuturesSync<T>(returned: T): T {
  const open = new Set<Pending>()
  const replaced = valueOf(returned, new Map(), open)
  for (const call of open) blockFor(call)
  return (open.size === 0 ? replaced : valueOf(replaced, new Map(), open)) as T
}

function blockFor(call: Pending): void {
  let failure: { error: unknown } | undefined
  call.settled(
    () => {},
    (error) => {
      failure = { error }
    },
  )
  while (!call.isCommitted) {
    if (failure !== undefined) {
      call.told()
      throw failure.error
    }
    call.advance()
  }
}

// `seen` leads from what has been looked at to what it has become: itself, unless it is frozen.
function valueOf(value: unknown, seen: Map<object, object>, open: Set<Pending>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isFuture(value)) {
    const call = callOf(value)
    if (call.isCommitted) return call.result
    open.add(call)
    return value
  }
  const known = seen.get(value)
  if (known !== undefined || isTarget(value)) return known ?? value
  seen.set(value, value)
  const inner = (item: unknown) => valueOf(item, seen, open)
  if (Array.isArray(value) || isPlain(value)) return replaceProperties(value as Record<string, unknown>, inner, seen)
  if (value instanceof Map) replaceEntries(value, inner)
  else if (value instanceof Set) replaceMembers(value, inner)
  return value
}

function replaceProperties(
  value: Record<string, unknown>,
  inner: (item: unknown) => unknown,
  seen: Map<object, object>,
): object {
  let record = value
  for (const key of Object.keys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key)!
    if (property.get !== undefined) continue
    const replaced = inner(property.value)
    if (replaced === property.value) continue
    if (!property.writable && record === value) {
      record = unlocked(value)
      seen.set(value, record)
    }
    record[key] = replaced
  }
  return record === value ? value : Object.freeze(record)
}

function unlocked(value: Record<string, unknown>): Record<string, unknown> {
  const copy = (Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value))) as Record<string, unknown>
  for (const key of Object.keys(value)) define(copy, key, value[key])
  return copy
}

function replaceEntries(value: Map<unknown, unknown>, inner: (item: unknown) => unknown): void {
  const entries = [...value]
  const keepsKeys = !entries.some(([key]) => isFuture(key))
  if (!keepsKeys) value.clear()
  for (const [key, item] of entries) {
    const replaced = inner(item)
    if (!keepsKeys || replaced !== item) value.set(inner(key), replaced)
  }
}

function replaceMembers(value: Set<unknown>, inner: (item: unknown) => unknown): void {
  const members = [...value]
  const replaced = members.map(inner)
  if (replaced.every((member, i) => member === members[i])) return
  value.clear()
  for (const member of replaced) value.add(member)
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === Object.prototype || prototype === null
}
