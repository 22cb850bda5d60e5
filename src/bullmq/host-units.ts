import type { Redis } from 'ioredis'
import { SerializationError } from '../errors.js'
import type { Unit } from '../protocol.js'
import type { Keys } from './keys.js'
import { LONGEST_UNIT } from './limits.js'
import type { UnitRef } from './wire/batch.js'
import type { ModuleName } from './wire/modules.js'
import { unsqueeze } from './wire/squeeze.js'
import { type ReadUnit, unpackUnit } from './wire/unit.js'
import { unreadable } from './wire/unreadable.js'

// Units of so many bytes together are kept.
const MOST_KEPT = 2 ** 28

interface Kept {
  readonly unit: Unit & { lasting: boolean }
  readonly size: number
}

/** The units that a host has, each fetched once for all its lanes. Those used longest ago are forgotten. */
export class HostUnits {
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #urlOf: (name: ModuleName) => string
  readonly #kept = new Map<string, Kept>()
  // Those that are being fetched.
  readonly #coming = new Map<string, Promise<Unit | undefined>>()
  #size = 0
  #lastId = 0

  constructor(redis: Redis, keys: Keys, urlOf: (name: ModuleName) => string) {
    this.#redis = redis
    this.#keys = keys
    this.#urlOf = urlOf
  }

  /**
   * The units of a batch; `undefined` if one is nowhere to be had.
   * @throws {SerializationError} for one that cannot be read
   */
  async get(refs: readonly UnitRef[]): Promise<readonly Unit[] | undefined> {
    return this.#all(refs, new Map(refs.map((ref) => [ref.hash.toString('base64'), ref])))
  }

  // `batch`: all units of a batch, which may refer to each other.
  async #all(refs: readonly UnitRef[], batch: ReadonlyMap<string, UnitRef>): Promise<readonly Unit[] | undefined> {
    const units = await Promise.all(refs.map((ref) => this.#one(ref, batch)))
    return units.every((unit) => unit !== undefined) ? units : undefined
  }

  #one(ref: UnitRef, batch: ReadonlyMap<string, UnitRef>): Unit | Promise<Unit | undefined> {
    const name = ref.hash.toString('base64')
    const kept = this.#kept.get(name)
    if (kept !== undefined) {
      this.#kept.delete(name)
      this.#kept.set(name, kept)
      // What comes a second time may come a third time.
      kept.unit.lasting = true
      return kept.unit
    }
    let coming = this.#coming.get(name)
    if (coming === undefined) {
      coming = this.#make(name, ref, batch).finally(() => this.#coming.delete(name))
      this.#coming.set(name, coming)
    }
    return coming
  }

  async #make(name: string, ref: UnitRef, batch: ReadonlyMap<string, UnitRef>): Promise<Unit | undefined> {
    const { hash, lasting } = ref
    const bytes = ref.bytes ?? (await this.#fetch(hash))
    if (bytes === undefined) return undefined
    const read = unpackUnit({ hash, bytes }, this.#urlOf)
    const ids = await this.#idsOf(read, batch)
    if (ids === undefined) return undefined
    const unit = { id: ++this.#lastId, encoded: read.encoded(ids), lasting, frozen: read.frozen }
    this.#keep(name, { unit, size: bytes.length })
    return unit
  }

  // Those that it refers to: their batch has them, too.
  async #idsOf({ needs }: ReadUnit, batch: ReadonlyMap<string, UnitRef>): Promise<readonly number[] | undefined> {
    const refs = needs.map((hash) => batch.get(Buffer.from(hash).toString('base64')))
    if (!refs.every((ref) => ref !== undefined)) throw unreadable('a unit refers to one that its batch has not')
    const units = await this.#all(refs, batch)
    return units?.map(({ id }) => id)
  }

  async #fetch(hash: Buffer): Promise<Uint8Array | undefined> {
    const key = this.#keys.unit(hash)
    const size = await this.#redis.strlen(key)
    if (size > LONGEST_UNIT + 1)
      throw new SerializationError(
        `Cannot take in objects of ${size} bytes: the most is ${LONGEST_UNIT}. Way out: pass them in parts.`,
      )
    const squeezed = await this.#redis.getBuffer(key)
    return squeezed === null ? undefined : unsqueeze(squeezed, LONGEST_UNIT)
  }

  #keep(name: string, kept: Kept): void {
    this.#kept.set(name, kept)
    this.#size += kept.size
    for (const [oldest, { size }] of this.#kept) {
      if (this.#size <= MOST_KEPT || oldest === name) return
      this.#kept.delete(oldest)
      this.#size -= size
    }
  }
}
