import type { Change } from '../protocol.js'
import { Encoder } from './encoder.js'
import { Graph } from './graph.js'
import { isMovedKind, REFERENCE } from './kinds.js'
import { NONE } from './known.js'
import { mark } from './move.js'
import { apply } from './patch.js'
import { CallSnapshot, type CrossingOptions, type JobOfCall, SHARED, Snapshot, withShared } from './snapshot.js'

/**
 * The snapshot that a call would have, had it been taken after `changes` were made: what later became of the caller's
 * objects stays out of it.
 */
export function refresh(
  snapshot: CallSnapshot,
  changes: readonly Change[],
  job: JobOfCall,
  name: string,
  options: CrossingOptions,
): CallSnapshot {
  const { units, args, objects = [] } = snapshot
  const own = (id: number, node: number) => units.find((unit) => unit.id === id)!.graph.nodes[node]!
  // Shared values are as they were.
  const copies = units.map(({ frozen, encoded, graph }) => (frozen ? graph : Graph.decode(encoded, NONE, own)))
  const instead = new Map<object, object>()
  const originals = new Map<object, object>()
  copies.forEach(({ nodes, encoded: { kinds } }, i) => {
    if (units[i]!.frozen) return
    nodes.forEach((copy, j) => {
      if (kinds[j] === REFERENCE) return
      const original = units[i]!.graph.nodes[j]!
      instead.set(original, copy)
      originals.set(copy, original)
      if (isMovedKind(kinds[j]!)) mark(copy)
    })
  })
  const inCopy = (value: unknown): unknown => instead.get(value as object) ?? value
  for (const [operation, target, key, value] of changes) {
    if (instead.has(target)) apply([operation, instead.get(target)!, inCopy(key), inCopy(value)])
  }
  const copiedJob = copies[0]!.nodes[0]!
  // An object that came with a change is taken as it is, but what it holds of the snapshot is the copy.
  const encoder = new Encoder({ job: { value: copiedJob, class: job.class }, instead, shared: SHARED, ...options })
  encoder.add(copiedJob, `this of ${name}`)
  const places: number[] = []
  for (let i = 0; i < objects.length; i += 3) {
    const root = copies[objects[i + 1]!]!.nodes[objects[i + 2]!]!
    places.push(objects[i]!, 0, encoder.add(root, `argument ${objects[i]} of ${name}`))
  }
  encoder.takeMoved()
  const nodes = encoder.nodes.map((node) => originals.get(node) ?? node)
  const fronted = new Set(units.flatMap(({ graph }) => [...graph.fronted]))
  return new CallSnapshot(withShared([new Snapshot(encoder, nodes, { fronted })]), places, args)
}
