import { types } from 'node:util'
import type { Change } from './protocol.js'
import { isIndex } from './values/extras.js'
import type { Graph } from './values/graph.js'
import { lockOf } from './values/kinds.js'
import type { CallSnapshot } from './values/snapshot.js'
import { writes } from './write-log.js'

/** What of a call tells which keys its objects had when it was made. */
interface Caller {
  readonly snapshot: CallSnapshot
  readonly base: number
}

/**
 * The keys that the caller gave to its own objects while calls were pending. A call that was made before adds its keys later, and one
 * after the other the keys would come the other way round: those of the caller are taken out and set again.
 */
class CallerKeys {
  // As far as it has been looked for since the caller ran last.
  readonly #found = new Map<object, readonly unknown[]>()

  /** The caller may have run. */
  forget(): void {
    // Each call asks for it, and clearing a Map costs a new table even if it is empty.
    if (this.#found.size > 0) this.#found.clear()
  }

  /** What is to follow the changes of a call: the keys that the caller has added since the call was made come after those that it adds. */
  after(call: Caller, patch: readonly Change[]): Change[] {
    const targets = new Set<object>()
    const deleted = new Set<object>()
    for (const change of patch) {
      if (change[0].endsWith('delete')) deleted.add(change[1])
      // What an object loses it may get back.
      if (deleted.has(change[1]) ? setsKey(change) : addsKey(change)) targets.add(change[1])
    }
    return [...targets].flatMap((target) => this.#addedTo(target, call).map((key): Change => ['last', target, key]))
  }

  #addedTo(target: object, call: Caller): readonly unknown[] {
    let keys = this.#found.get(target)
    if (keys === undefined) {
      // No other code runs until then.
      if (this.#found.size === 0) queueMicrotask(() => this.forget())
      const before = keysSeenBy(call, target)
      keys = before === undefined ? [] : keysOf(target).filter((key) => !before.has(key))
      const changed = new Set(keys.length === 0 ? [] : putByCalls(target, call.base))
      keys = keys.filter((key) => !changed.has(key))
      this.#found.set(target, keys)
    }
    if (keys.length === 0) return keys
    // A later call may have seen some of them.
    const before = keysSeenBy(call, target)
    return keys.filter((key) => !before?.has(key))
  }
}

export const callerKeys = new CallerKeys()

function putByCalls(target: object, since: number): unknown[] {
  return writes.of(target, since).flatMap(({ change: [operation, , key] }) => (operation === 'last' ? [] : [key]))
}

function setsKey([operation, target, key]: Change): boolean {
  if (Array.isArray(target) || lockOf(target) > 0) return false
  return (
    operation === 'renew' ||
    operation === 'set.add' ||
    operation === 'map.set' ||
    (operation === 'set' && !isIndex(key as PropertyKey))
  )
}

// Also one that was there when the call was made, and that another call has taken away.
function addsKey(change: Change): boolean {
  const [operation, target, key] = change
  if (!setsKey(change)) return false
  if (operation === 'renew') return true
  if (operation === 'set') return !Object.hasOwn(target, key as PropertyKey)
  return !(operation === 'set.add' ? hasMember : hasKey).call(target as never, key)
}

const { has: hasKey } = Map.prototype
const { has: hasMember } = Set.prototype

function keysSeenBy({ snapshot }: Caller, target: object): ReadonlySet<unknown> | undefined {
  for (const { graph } of snapshot.units) {
    const node = graph.numberOf(target)
    if (node !== undefined) return keysIn(graph, node)
  }
  return undefined
}

const known = new WeakMap<Graph, Map<number, ReadonlySet<unknown>>>()

// Many calls may have seen the same.
function keysIn(graph: Graph, node: number): ReadonlySet<unknown> {
  let sets = known.get(graph)
  if (sets === undefined) {
    sets = new Map()
    known.set(graph, sets)
  }
  let keys = sets.get(node)
  if (keys === undefined) {
    keys = new Set(keysOf(graph.copy(node)))
    sets.set(node, keys)
  }
  return keys
}

function keysOf(value: object): unknown[] {
  if (types.isMap(value)) return [...value.keys()]
  if (types.isSet(value)) return [...value]
  return Object.keys(value).filter((key) => !isIndex(key))
}
