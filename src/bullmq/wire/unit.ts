import { createHash } from 'node:crypto'
import type { Encoded, Unit } from '../../protocol.js'
import { readGraph, unitsIn, withUnits, writeGraph } from './graph.js'
import { type ModuleName, ModulesIn, ModulesOut } from './modules.js'
import { type Packable, pack, unpack } from './pack.js'
import { bytesOf, flagOf, listOf } from './shape.js'
import { unreadable } from './unreadable.js'

/** A unit in bytes, known to all machines by their hash. */
export interface PackedUnit {
  readonly hash: Buffer
  readonly bytes: Uint8Array
}

/** A unit that was read, before the units of shared values that it refers to are known here. */
export interface ReadUnit {
  readonly frozen: boolean
  /** The hashes of the units that it refers to. */
  readonly needs: readonly Uint8Array[]
  /** The graph, given the ids that these units have here. */
  encoded(ids: readonly number[]): Encoded
}

/** Writes a unit. `hashOf` gives the hash of a unit that it refers to, by its id. */
export function packUnit(
  { encoded, frozen }: Pick<Unit, 'encoded' | 'frozen'>,
  nameOf: (url: string) => ModuleName,
  hashOf: (id: number) => Uint8Array,
): PackedUnit {
  const modules = new ModulesOut(nameOf)
  const ids = unitsIn(encoded)
  const graph = writeGraph(
    withUnits(encoded, (id) => ids.indexOf(id)),
    modules,
  )
  const bytes = pack([frozen, ids.map(hashOf), graph, modules.pack()])
  return { hash: hashOfBytes(bytes), bytes }
}

/**
 * Reads what `packUnit` wrote.
 * @throws {SerializationError} for anything else, or if the bytes have another hash
 */
export function unpackUnit({ hash, bytes }: PackedUnit, urlOf: (name: ModuleName) => string): ReadUnit {
  if (!hashOfBytes(bytes).equals(hash)) throw unreadable('objects are not those that were sent: their hash differs')
  const [frozen, needs, graph, modules] = listOf(unpack(bytes), 'a unit', 4)
  const encoded = readGraph(graph, new ModulesIn(modules, urlOf))
  const hashes = listOf(needs, 'the units of a unit').map(readHash)
  return {
    frozen: flagOf(frozen, 'a unit'),
    needs: hashes,
    encoded: (ids) =>
      withUnits(encoded, (place) => {
        if (place >= ids.length) throw unreadable('a unit refers to one that it does not name')
        return ids[place]!
      }),
  }
}

/** @throws {SerializationError} if it is no hash */
export function readHash(packed: Packable | undefined): Buffer {
  const bytes = bytesOf(packed, 'a hash')
  if (bytes.length !== HASH_BYTES) throw unreadable('a hash is none')
  return Buffer.from(bytes)
}

const HASH_BYTES = 32

function hashOfBytes(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
