import { types } from 'node:util'
import type { Encoded } from '../../protocol.js'
import { REFERENCE } from '../../values/kinds.js'
import type { ModulesIn, ModulesOut } from './modules.js'
import type { Packable } from './pack.js'
import { countsOf, listOf } from './shape.js'
import { unreadable } from './unreadable.js'
import {
  type ObjectReader,
  type ObjectWriter,
  OWN_TAGS,
  readMemory,
  readValues,
  writeMemory,
  writeValues,
} from './values.js'

/** A graph that is held by another one: what `encode` of a class returned. */
const GRAPH = OWN_TAGS

/** Writes an encoded graph. */
export function writeGraph({ kinds, starts, tape, refs, classes }: Encoded, modules: ModulesOut): Packable {
  const objects: ObjectWriter = {
    write: (value) => ('kinds' in value ? [GRAPH, writeGraph(value as Encoded, modules)] : writeMemory(value)),
  }
  return [kinds, starts, writeValues(tape, objects), refs, classes.map((ref) => modules.writeClass(ref))]
}

/**
 * Reads what `writeGraph` wrote. Whether its parts fit together is seen when it is decoded.
 * @throws {SerializationError} for anything else
 */
export function readGraph(packed: Packable | undefined, modules: ModulesIn): Encoded {
  const [kinds, starts, tape, refs, classes] = listOf(packed, 'a graph', 5)
  const objects: ObjectReader = {
    read: (tag, content) => (tag === GRAPH ? readGraph(content, modules) : readMemory(tag, content)),
  }
  return {
    kinds: countsOf(kinds, 'the kinds of a graph'),
    starts: countsOf(starts, 'the starts of a graph'),
    tape: tapeOf(readValues(tape, objects)),
    refs: countsOf(refs, 'the references of a graph'),
    classes: listOf(classes, 'the classes of a graph').map((ref) => modules.readClass(ref)),
  }
}

/** The ids of units of shared values that a graph refers to, in the order in which it first does. */
export function unitsIn(encoded: Encoded): number[] {
  return [...new Set(placesOfUnits(encoded).map((at) => encoded.tape[at] as number))]
}

/** The same graph, where the units that it refers to have other ids. */
export function withUnits(encoded: Encoded, idOf: (id: number) => number): Encoded {
  const places = placesOfUnits(encoded)
  if (places.length === 0) return encoded
  const tape = encoded.tape.slice()
  for (const at of places) tape[at] = idOf(tape[at] as number)
  return { ...encoded, tape }
}

function placesOfUnits({ kinds, starts, tape }: Encoded): number[] {
  if (!kinds.includes(REFERENCE)) return []
  if (kinds.length !== starts.length) throw unreadable('a graph has not a start for every kind')
  const places: number[] = []
  for (let i = 0; i < kinds.length; i++) {
    if (kinds[i] !== REFERENCE) continue
    const at = starts[i]!
    if (typeof tape[at] !== 'number') throw unreadable('a graph refers to no unit')
    places.push(at)
  }
  return places
}

function tapeOf(values: readonly unknown[] | Float64Array): readonly unknown[] {
  if (types.isFloat64Array(values)) throw unreadable('a tape is a list of numbers')
  return values
}
