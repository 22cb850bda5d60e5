import { types } from 'node:util'
import { SerializationError } from '../errors.js'
import type { Change, Encoded } from '../protocol.js'
import { contentOf } from '../target.js'
import { timeOf } from './atoms.js'
import { isDetached } from './bytes.js'
import type { Differ } from './codec.js'
import { Encoder } from './encoder.js'
import type { Graph } from './graph.js'
import { codecOf, isOfPrototype, LOCKS, type Lock, lockOf, wasLocked } from './kinds.js'
import { isMoved } from './move.js'
import { isObject } from './primitive.js'
import { own, refusePrototype } from './properties.js'

/**
 * The changes that lead from what a graph's tape says to what its objects hold now.
 * @throws {SerializationError} for a change that cannot be written back to other objects
 */
export function changesOf(graph: Graph): Change[] {
  const changes: Change[] = []
  const differ: Differ = { change: (...change) => changes.push(change), sameIsolated, refuse }
  const { kinds } = graph.encoded
  for (let i = 0; i < kinds.length; i++) {
    const codec = codecOf(kinds[i]!)
    if (codec.diff === undefined) continue
    const value = graph.nodes[i]!
    if (!isOfPrototype(kinds[i]!, value, graph.classOf(i))) {
      throw refusePrototype(value, differ)
    }
    codec.diff(value, graph.content(i), differ)
    if (lockOf(value) !== wasLocked(kinds[i]!)) changes.push(['freeze', value, lockOf(value)])
  }
  return changes
}

/** Whether the objects of a graph are still what its tape says. */
export function isUnchanged(graph: Graph): boolean {
  return graph.nodes.every((_, i) => isNodeUnchanged(graph, i))
}

/** The same for a graph of frozen objects: what freezing does not reach is compared. */
export function isIntact(graph: Graph): boolean {
  return graph.unfrozen.every((i) => isNodeUnchanged(graph, i))
}

/** Whether one object of a graph is still what its tape says. */
export function isNodeUnchanged(graph: Graph, i: number): boolean {
  const kind = graph.encoded.kinds[i]!
  const codec = codecOf(kind)
  if (codec.diff === undefined) return true
  const value = graph.nodes[i]!
  if (!isOfPrototype(kind, value, graph.classOf(i)) || lockOf(value) !== wasLocked(kind)) return false
  let same = true
  const change = () => {
    same = false
  }
  try {
    codec.diff(value, graph.content(i), { change, sameIsolated, refuse })
  } catch (error) {
    if (error instanceof SerializationError) return false
    throw error
  }
  return same
}

/** Makes a change on the object itself. */
export function apply([operation, target, key, value]: Change): void {
  if (operation === 'set' || operation === 'renew') contentOf(target)?.written(key, value)
  OPERATIONS[operation](target as never, key as never, value as never)
}

/** Whether the place of a change holds what the call's snapshot held there, and can be changed. */
export function holdsBefore([operation, target, key, , had, before]: Change): boolean {
  switch (operation) {
    case 'renew':
      return lockOf(target) === 0 && holdsBefore([setterOf(target), target, key, undefined, had ?? false, before])
    case 'set':
    case 'delete':
      if (!allows(lockOf(target), operation, had)) return false
      return Object.hasOwn(target, key as PropertyKey) === had && Object.is(own(target, key as PropertyKey), before)
    case 'map.set':
    case 'map.delete':
      return hasKey.call(target as never, key) === had && Object.is(valueAt.call(target as never, key), before)
    case 'set.add':
    case 'set.delete':
      return hasMember.call(target as never, key) === (had ?? operation === 'set.delete')
    case 'length':
      return allows(lockOf(target), 'set', true) && (!had || (target as unknown[]).length === before)
    case 'time':
      return Object.is(timeOf(target as Date), before)
    case 'bytes': {
      // A later call has taken it away, and has had the change from there.
      if (isDetached(target as ArrayBuffer)) return isMoved(target)
      const old = Buffer.from(before as ArrayBuffer)
      return old.equals(Buffer.from(target as ArrayBuffer, key as number, old.length))
    }
    default:
      return true
  }
}

/**
 * A change about to be made, as it is for those who have seen what earlier calls did: a key that one of them has added is not added
 * again. `undefined` if it changes nothing.
 */
export function asOfNow(change: Change): Change | undefined {
  const [operation, target, key, , had] = change
  if (had !== false) return change
  switch (operation) {
    case 'set':
      return Object.hasOwn(target, key as PropertyKey) ? replacing(change, own(target, key as PropertyKey)) : change
    case 'map.set':
      return hasKey.call(target as never, key) ? replacing(change, valueAt.call(target as never, key)) : change
    case 'set.add':
      return hasMember.call(target as never, key) && !isObject(key) ? undefined : change
    default:
      return change
  }
}

function replacing([operation, target, key, value]: Change, before: unknown): Change | undefined {
  return Object.is(value, before) && !isObject(value) && !isObject(key)
    ? undefined
    : [operation, target, key, value, true, before]
}

// The caller may have locked an object since; where it was locked at the call, the method could not change it either.
function allows(lock: Lock, operation: 'set' | 'delete', had: boolean | undefined): boolean {
  if (lock === 0) return true
  return operation === 'delete' ? lock < 2 : lock < 3 && had === true
}

/** What gives an object a value at a key. */
export function setterOf(target: object): 'set' | 'map.set' | 'set.add' {
  return types.isMap(target) ? 'map.set' : types.isSet(target) ? 'set.add' : 'set'
}

const { has: hasKey, get: valueAt, set: setAt, delete: deleteAt } = Map.prototype
const { has: hasMember, add, delete: remove } = Set.prototype

// What comes from a worker defines data properties: it calls no setter and reaches no prototype.
const OPERATIONS: { readonly [operation in Change[0]]: (target: never, key: never, value: never) => void } = {
  set(target: object, key: PropertyKey, value: unknown) {
    if (Object.hasOwn(target, key)) (target as Record<PropertyKey, unknown>)[key] = value
    else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  },
  delete: (target: object, key: PropertyKey) => Reflect.deleteProperty(target, key),
  renew(target: object, key: unknown, value: unknown) {
    if (types.isMap(target)) deleteAt.call(target, key)
    else if (types.isSet(target)) remove.call(target, key)
    else Reflect.deleteProperty(target, key as PropertyKey)
    OPERATIONS[setterOf(target)](target as never, key as never, value as never)
  },
  last(target: object, key: unknown) {
    if (types.isMap(target)) {
      if (hasKey.call(target, key)) OPERATIONS.renew(target as never, key as never, valueAt.call(target, key) as never)
    } else if (types.isSet(target)) {
      if (hasMember.call(target, key)) OPERATIONS.renew(target as never, key as never, undefined as never)
    } else {
      const property = Object.getOwnPropertyDescriptor(target, key as PropertyKey)
      if (property?.writable && property.configurable)
        OPERATIONS.renew(target as never, key as never, property.value as never)
    }
  },
  length(target: unknown[], _: never, value: number) {
    target.length = value
  },
  'map.set': (target: Map<unknown, unknown>, key: unknown, value: unknown) => setAt.call(target, key, value),
  'map.delete': (target: Map<unknown, unknown>, key: unknown) => deleteAt.call(target, key),
  'set.add': (target: Set<unknown>, member: unknown) => add.call(target, member),
  'set.delete': (target: Set<unknown>, member: unknown) => remove.call(target, member),
  bytes(target: ArrayBuffer, offset: number, value: ArrayBuffer) {
    if (!isMoved(target)) new Uint8Array(target).set(new Uint8Array(value), offset)
  },
  time: (target: Date, _: never, value: number) => Date.prototype.setTime.call(target, value),
  freeze: (target: object, lock: number) => LOCKS[lock]!(target),
}

function sameIsolated(value: unknown, before: Encoded): boolean {
  const encoder = new Encoder()
  encoder.add([value], 'an instance')
  return sameEncoded(encoder.finish(), before)
}

function sameEncoded(a: Encoded, b: Encoded): boolean {
  const sameList = (x: readonly unknown[], y: readonly unknown[]) =>
    x.length === y.length && x.every((item, i) => sameItem(item, y[i]))
  return sameList(a.kinds, b.kinds) && sameList(a.refs, b.refs) && sameList(a.tape, b.tape)
}

// Besides primitives a tape holds packed numbers, buffers and isolated graphs.
function sameItem(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (types.isFloat64Array(a) && types.isFloat64Array(b)) return sameBytes(a.buffer, b.buffer)
  if (types.isArrayBuffer(a) && types.isArrayBuffer(b)) return sameBytes(a, b)
  const isGraph =
    typeof a === 'object' && a !== null && 'tape' in a && typeof b === 'object' && b !== null && 'tape' in b
  return isGraph && sameEncoded(a as Encoded, b as Encoded)
}

function sameBytes(a: ArrayBufferLike, b: ArrayBufferLike): boolean {
  return Buffer.from(a as ArrayBuffer).equals(Buffer.from(b as ArrayBuffer))
}

function refuse(_: object, what: string, wayOut: string): SerializationError {
  return new SerializationError(`Cannot write back what a call changed: ${what}. Way out: ${wayOut}.`)
}
