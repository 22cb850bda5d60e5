import type { Batch, ExecutorCall, ObjectArguments, Route, Unit } from '../protocol.js'
import { packed } from '../values/pack.js'

// How many units a lane keeps.
const KEEP = 64

/** What a lane has been sent, so that it is not sent again. */
export class Sent {
  readonly #routes = new Set<number>()
  // Units that the lane keeps, the one used longest ago first.
  readonly #units = new Set<number>()

  /** Lays calls out as one message. */
  pack(calls: readonly ExecutorCall[], slot = 0): Batch {
    const routes: Route[] = []
    const units: Unit[] = []
    const passing = new Set<number>()
    const states: [number, number[], readonly number[]][] = []
    const objects: [number, ObjectArguments][] = []
    const args: unknown[] = []
    const routeIds = new Same()
    const counts = new Same()
    let last: ExecutorCall | undefined
    for (let i = 0; i < calls.length; i++) {
      const call = calls[i]!
      if (call.route !== last?.route && !this.#routes.has(call.route.id)) {
        this.#routes.add(call.route.id)
        routes.push(call.route)
      }
      if (last === undefined || !sameList(call.units, last.units) || !sameList(call.recorded, last.recorded)) {
        states.push([i, call.units.map(({ id }) => id), call.recorded])
        for (const unit of call.units) this.#add(unit, units, passing)
      }
      last = call
      routeIds.push(call.route.id)
      counts.push(call.args.length)
      const { args: own, objects: places } = call
      for (let j = 0; j < own.length; j++) {
        const arg = own[j]
        args.push(places !== undefined && typeof arg === 'object' ? null : arg)
      }
      if (places !== undefined) objects.push([i, places])
    }
    const transfer = units.flatMap(({ transfer = [] }) => transfer)
    const forget = [...passing, ...this.#evict()]
    return {
      ...(routes.length > 0 && { routes }),
      ...(units.length > 0 && {
        units: units.map(({ id, encoded, lasting, frozen }) => ({ id, encoded, lasting, frozen })),
      }),
      ...(transfer.length > 0 && { transfer }),
      ...(forget.length > 0 && { forget }),
      slot,
      calls: calls.length,
      route: routeIds.value,
      count: counts.value,
      args: packed(args),
      states,
      ...(objects.length > 0 && { objects }),
    }
  }

  // A unit that only one call uses passes through; one that more calls use stays.
  #add(unit: Unit, units: Unit[], passing: Set<number>): void {
    const stays = this.#units.delete(unit.id)
    if (!stays && !passing.has(unit.id)) units.push(unit)
    if (stays || unit.lasting) this.#units.add(unit.id)
    else passing.add(unit.id)
  }

  #evict(): number[] {
    if (this.#units.size <= KEEP) return []
    const oldest = [...this.#units].slice(0, this.#units.size - KEEP)
    for (const id of oldest) this.#units.delete(id)
    return oldest
  }
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((item, i) => item === b[i]))
}

/** Numbers that most often are all the same: then one stands for all. */
class Same {
  #first: number | undefined
  #all: number[] | undefined
  #count = 0

  push(number: number): void {
    this.#first ??= number
    if (this.#all === undefined && number !== this.#first) this.#all = new Array<number>(this.#count).fill(this.#first)
    this.#all?.push(number)
    this.#count++
  }

  get value(): number | readonly number[] {
    return this.#all ?? this.#first ?? 0
  }
}
