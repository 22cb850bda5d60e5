import { SerializationError } from './errors.js'
import type { Change } from './protocol.js'
import { behind } from './target.js'
import { Encoder } from './values/encoder.js'
import { Graph } from './values/graph.js'
import { KnownObjects } from './values/known.js'
import { apply, isNodeUnchanged } from './values/patch.js'
import { isObject } from './values/primitive.js'
import { sharedRootOf } from './values/shared.js'
import { type Origin, writes } from './write-log.js'

/**
 * Calls see the caller's objects as they were when the calls were made. One that comes to a call through an earlier call, as its result
 * or through what it wrote, is not in the snapshot of the later one: it is taken as it is. That is right as long as the caller has left
 * it alone since the earlier call was made, as this finds out: it gives the first object, of all that `objects` lead to, of which
 * neither the snapshot and the reply of its origin nor what calls have written since can tell how it came to be as it is. What the
 * later call sees itself is `exact`.
 */
export function changedByCaller(
  objects: Iterable<unknown>,
  origin: Origin,
  isExact: (object: object) => boolean,
): object | undefined {
  const seen = new Set<object>()
  const left: (readonly [object, Origin])[] = []
  const meet = (part: unknown, from: Origin) => {
    if (!isObject(part)) return
    const object = behind(part)?.held ?? part
    if (seen.has(object) || isExact(object) || sharedRootOf(object) !== undefined) return
    seen.add(object)
    left.push([object, from])
  }
  for (const object of objects) meet(object, origin)
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [object, from] = next
    const place = placeOf(object, from)
    if (place === undefined) return object
    const { graph, node, since } = place
    const written = writes.of(object, since)
    if (
      !isAsExpected(
        object,
        graph,
        node,
        written.map(({ change }) => change),
      )
    )
      return object
    for (const child of graph.children(node)) meet(child, from)
    for (const { change, writer } of written)
      if (writer.origin !== undefined) for (const part of [change[2], change[3]]) meet(part, writer.origin)
  }
  return undefined
}

interface KnownPlace {
  readonly graph: Graph
  readonly node: number
  /** Where the write log ended when the graph was made. */
  readonly since: number
}

function placeOf(object: object, { snapshot, base, reply, end }: Origin): KnownPlace | undefined {
  for (const { graph } of snapshot.units) {
    const node = graph.numberOf(object)
    if (node !== undefined) return { graph, node, since: base }
  }
  const node = reply?.numberOf(object)
  return node === undefined ? undefined : { graph: reply!, node, since: end }
}

// All that an object has held, or holds.
function held(children: readonly object[], changes: readonly Change[]) {
  const nodes = [...new Set([...children, ...changes.flatMap(([, , key, value]) => [key, value]).filter(isObject)])]
  const numbers = new Map(nodes.map((node, i) => [node, i]))
  return { nodes, numberOf: (node: object) => numbers.get(node), isMoved: () => false, fronted: new Set<object>() }
}

function isAsExpected(object: object, graph: Graph, node: number, changes: readonly Change[]): boolean {
  if (changes.length === 0) return isNodeUnchanged(graph, node)
  try {
    const copy = graph.copy(node)
    for (const [operation, , key, value] of changes) apply([operation, copy, key, value])
    const known = new KnownObjects([held(graph.children(node), changes)])
    const encoder = new Encoder({ known })
    encoder.add(copy, 'a copy')
    return isNodeUnchanged(new Graph(encoder.finish(), [object], { known }), 0)
  } catch (error) {
    if (error instanceof SerializationError) return false
    throw error
  }
}
