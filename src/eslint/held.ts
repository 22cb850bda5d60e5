// What an expression gives, as far as it is a Future or holds some.

import { is, isWithin, keyOf, type Node } from './nodes.js'

export type Held = HeldFuture | HeldList | HeldMap | HeldObject

/** The result of a concurrent call before its commit. */
export interface HeldFuture {
  readonly kind: 'future'
  /** The call, such as `Climate.process`. */
  readonly call: string
  /** It is typed as the promise that it is: the method is `async`, or a cast says so. */
  readonly isPromise: boolean
  /** It may be `undefined` or `null` instead. */
  readonly isOptional: boolean
}

/** An array or the like; `each` if all elements are such a value, `elements` where they are known one by one. */
interface HeldList {
  readonly kind: 'list'
  readonly each: Held | undefined
  readonly elements?: readonly (Held | undefined)[]
}

/** A Map, of which each value is one. */
interface HeldMap {
  readonly kind: 'map'
  readonly each: Held
}

interface HeldObject {
  readonly kind: 'object'
  readonly properties: ReadonlyMap<string, Held>
}

export function listOf(each: Held | undefined): Held | undefined {
  return each && { kind: 'list', each }
}

export function optional(held: Held | undefined): Held | undefined {
  return held?.kind === 'future' ? { ...held, isOptional: true } : held
}

/** What `for … of` and the methods that take a callback give of it, one after the other. */
export function elementOf(held: Held | undefined): Held | undefined {
  if (held?.kind === 'list') return held.each
  return held?.kind === 'map' ? { kind: 'list', each: undefined, elements: [undefined, held.each] } : undefined
}

/** A call whose Future is in it. */
export function callIn(held: Held | undefined): string {
  switch (held?.kind) {
    case 'future':
      return held.call
    case 'object':
      return callIn([...held.properties.values()][0])
    case 'list':
      return callIn(held.each ?? held.elements?.find((element) => element !== undefined))
    default:
      return held === undefined ? 'a call' : callIn(held.each)
  }
}

/** The part of it that a pattern gives to a name. */
export function taken(held: Held | undefined, pattern: Node, name: Node): Held | undefined {
  if (pattern === name || held === undefined) return held
  if (is(pattern, 'AssignmentPattern')) return taken(held, pattern.left, name)
  if (is(pattern, 'ArrayPattern') && held.kind === 'list') {
    const index = pattern.elements.findIndex((element) => element !== null && isWithin(name, element))
    const element = pattern.elements[index]
    if (element === undefined || element === null) return undefined
    if (is(element, 'RestElement')) return taken(listOf(held.each), element.argument, name)
    return taken(held.elements === undefined ? optional(held.each) : held.elements[index], element, name)
  }
  if (!is(pattern, 'ObjectPattern') || held.kind !== 'object') return undefined
  const property = pattern.properties.find((one) => isWithin(name, one))
  const key = is(property, 'Property') ? keyOf(property) : undefined
  return key === undefined
    ? undefined
    : taken(held.properties.get(key), (property as { value: Node } & Node).value, name)
}
