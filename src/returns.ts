import { callOf, isFuture } from './future.js'
import { isTarget } from './target.js'

/** Replaces the Futures in what a `@synchronized` method returns by their values, within arrays, Maps, Sets and plain objects. */
export function withoutFutures<T>(returned: T): T {
  return valueOf(returned, new Set()) as T
}

function valueOf(value: unknown, seen: Set<object>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isFuture(value)) return callOf(value).result
  if (seen.has(value) || isTarget(value)) return value
  seen.add(value)
  if (Array.isArray(value)) replaceProperties(value, seen)
  else if (value instanceof Map) replaceEntries(value, seen)
  else if (value instanceof Set) replaceMembers(value, seen)
  else if (isPlain(value)) replaceProperties(value as Record<string, unknown>, seen)
  return value
}

function replaceProperties(value: unknown[] | Record<string, unknown>, seen: Set<object>): void {
  const record = value as Record<string, unknown>
  for (const key of Object.keys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key)!
    if (property.get !== undefined) continue
    const replaced = valueOf(property.value, seen)
    if (replaced !== property.value) record[key] = replaced
  }
}

function replaceEntries(value: Map<unknown, unknown>, seen: Set<object>): void {
  const entries = [...value]
  const keepsKeys = !entries.some(([key]) => isFuture(key))
  if (!keepsKeys) value.clear()
  for (const [key, item] of entries) {
    const replaced = valueOf(item, seen)
    if (!keepsKeys || replaced !== item) value.set(valueOf(key, seen), replaced)
  }
}

function replaceMembers(value: Set<unknown>, seen: Set<object>): void {
  const members = [...value]
  const replaced = members.map((member) => valueOf(member, seen))
  if (replaced.every((member, i) => member === members[i])) return
  value.clear()
  for (const member of replaced) value.add(member)
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === Object.prototype || prototype === null
}
