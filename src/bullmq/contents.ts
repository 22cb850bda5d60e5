import type { Batch, Route, Unit } from '../protocol.js'
import type { SelfContainedBatch, UnitRef } from './wire/batch.js'
import type { ModuleName } from './wire/modules.js'
import { type PackedUnit, packUnit } from './wire/unit.js'

// Units of so few bytes travel with every batch: asking Redis for them costs more. One that a single call sees may be longer.
const SMALL = 1024
const SMALL_FOR_ONE = 65_536

/** A batch that can be run by whoever gets it, and the units that must be in Redis before anyone does. */
export interface Completed {
  readonly message: Omit<SelfContainedBatch, 'producer' | 'number'>
  /** The ids of the message's units. */
  readonly unitIds: readonly number[]
  readonly stored: readonly PackedUnit[]
}

interface Known {
  readonly hash: Buffer
  readonly lasting: boolean
  /** Of small ones. */
  readonly bytes: Uint8Array | undefined
}

/** What the main thread has told of routes and units, which it does once, and what each batch must say anew. */
export class Contents {
  readonly #nameOf: (url: string) => ModuleName
  readonly #routes = new Map<number, Route>()
  readonly #units = new Map<number, Known>()

  constructor(nameOf: (url: string) => ModuleName) {
    this.#nameOf = nameOf
  }

  /**
   * Makes a batch complete.
   * @throws {SerializationError} for objects that cannot be sent
   * @throws {RegistrationError} for classes outside the root
   */
  complete(batch: Batch): Completed {
    for (const route of batch.routes ?? []) this.#routes.set(route.id, route)
    const stored = this.#learn(batch.units ?? [])
    const routes = new Places((id) => this.#routes.get(id)!)
    const units = new Places((id): UnitRef => this.#units.get(id)!)
    const route = typeof batch.route === 'number' ? routes.of(batch.route) : batch.route.map((id) => routes.of(id))
    const states = batch.states.map(([call, ids, recorded]) => [call, ids.map((id) => units.of(id)), recorded] as const)
    const message = { routes: routes.items, units: units.items, batch: { ...batch, route, states } }
    for (const id of batch.forget ?? []) this.#units.delete(id)
    return { message, unitIds: units.ids, stored }
  }

  /** The main thread will tell everything again. */
  clear(): void {
    this.#routes.clear()
    this.#units.clear()
  }

  // A unit is written by the hashes of those that it refers to, wherever they stand among the new ones.
  #learn(units: readonly Unit[]): PackedUnit[] {
    const unlearnt = new Map(units.map((unit) => [unit.id, unit]))
    const stored: PackedUnit[] = []
    const hashOf = (id: number): Buffer => {
      const unit = unlearnt.get(id)
      if (unit === undefined) return this.#units.get(id)!.hash
      unlearnt.delete(id)
      const packed = packUnit(unit, this.#nameOf, hashOf)
      const isSmall = packed.bytes.length <= (unit.lasting ? SMALL : SMALL_FOR_ONE)
      if (!isSmall) stored.push(packed)
      const { hash, bytes } = packed
      this.#units.set(id, { hash, lasting: unit.lasting, bytes: isSmall ? bytes : undefined })
      return hash
    }
    for (const { id } of units) hashOf(id)
    return stored
  }
}

/** The places of things in a list that has each once. */
class Places<T> {
  readonly items: T[] = []
  readonly ids: number[] = []
  readonly #places = new Map<number, number>()
  readonly #find: (id: number) => T

  constructor(find: (id: number) => T) {
    this.#find = find
  }

  of(id: number): number {
    let place = this.#places.get(id)
    if (place === undefined) {
      place = this.items.push(this.#find(id)) - 1
      this.ids.push(id)
      this.#places.set(id, place)
    }
    return place
  }
}
