import type { Encoded, Reply, Route, Unit } from '../protocol.js'
import { isFreezable } from '../values/kinds.js'
import { Calls } from '../worker/calls.js'
import { encodeFailure } from '../worker/failure.js'
import { hasThrown } from './has-thrown.js'
import { HostCall, type HostCallOwner } from './host-call.js'
import type { HostLanes } from './host-lanes.js'
import type { HostResult } from './host-results.js'
import type { SelfContainedBatch } from './wire/batch.js'

// Results do not wait for the rest of their batch for longer than this, in ms.
const WAIT_FOR_REST = 100

/** Shared values that were written to: the places of their units among those of the batch, and the error. */
export type Written = readonly (readonly [unit: number, error: Encoded])[]

/** What a host has for a batch: the routes and units of the message, as it knows them, and where they go. */
export interface Means {
  readonly routes: readonly Route[]
  readonly units: readonly Unit[]
  /** The same for the calls of one producer. */
  readonly job: object
  readonly lanes: HostLanes
}

/** Who is told of a batch while it runs. */
export interface HostBatchOwner {
  /** These results are there before the rest. */
  arrived(results: readonly HostResult[]): void
  /** A call could not be run. */
  notRun(route: Route, error: unknown): void
}

/** A batch on the lanes of a host. */
export class HostBatch implements HostCallOwner {
  readonly #calls: HostCall[] = []
  readonly #units: readonly Unit[]
  readonly #lanes: HostLanes
  // Units of shared values of which it shows only afterwards whether they were written to: until then nothing is reported.
  readonly #unprotected: readonly number[]
  readonly #settled = new Set<number>()
  // Calls that have not settled and that somebody waits for: looking for them after each call would take the square of their number.
  #open: number
  readonly #owner: HostBatchOwner
  #results: HostResult[] = []
  #failures = 0
  #done: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined

  /** Its host leaves: whatever it has not told of is to be run by another one. */
  isGivenUp = false

  constructor({ batch }: SelfContainedBatch, { routes, units, job, lanes }: Means, owner: HostBatchOwner) {
    this.#units = units
    this.#lanes = lanes
    this.#owner = owner
    this.#unprotected = [...units.keys()].filter((place) => isUnprotected(units[place]!))
    const calls = new Calls(batch)
    let seen = calls.units
    let own: readonly Unit[] = []
    for (let place = 0; calls.next(); place++) {
      if (calls.units !== seen) {
        seen = calls.units
        own = seen.map((unit) => units[unit]!)
      }
      const { recorded, objects } = calls
      const parts = { route: routes[calls.route]!, job, units: own, args: calls.args(), objects, recorded }
      this.#calls.push(new HostCall(this, place, parts))
    }
    this.#open = this.#calls.length
  }

  /** Number of calls. */
  get size(): number {
    return this.#calls.length
  }

  /** Number of calls that threw, or could not be run. */
  get failures(): number {
    return this.#failures
  }

  /** How long it will take, in ms, if that is known. */
  get expected(): number | undefined {
    let time = 0
    for (const { route } of this.#calls) {
      const mean = this.#lanes.mean(route.id)
      if (mean === undefined) return undefined
      time += mean
    }
    return time
  }

  /** Runs the calls. Resolves with what has not been told in parts. */
  async run(): Promise<readonly HostResult[]> {
    const done = new Promise<void>((resolve) => {
      this.#done = resolve
    })
    for (const call of this.#calls) if (!call.isCancelled) this.#lanes.submit(call)
    this.#lanes.flush()
    this.#endIfDone()
    await done
    clearTimeout(this.#timer)
    return this.#results.sort((a, b) => a.place - b.place)
  }

  /** Looks which shared values the calls have written to. */
  async written(): Promise<Written> {
    const found: [number, Encoded][] = []
    for (const place of this.#unprotected) {
      const error = await new Promise<unknown>((resolve) => this.#lanes.checkShared([this.#units[place]!.id], resolve))
      if (error !== undefined) found.push([place, encodeFailure(error)])
    }
    return found
  }

  /** Nobody waits for these calls, or for any. */
  cancel(places: readonly number[] = [...this.#calls.keys()]): void {
    for (const place of places) {
      const call = this.#calls[place]
      if (call === undefined || call.isCancelled) continue
      call.isCancelled = true
      if (!this.#settled.has(place)) this.#open--
    }
    this.#lanes.cancelled()
    this.#endIfDone()
  }

  /** Stops it. */
  giveUp(): void {
    this.isGivenUp = true
    this.cancel()
  }

  succeeded(place: number, value: unknown): void {
    this.#settle({ place, route: this.#calls[place]!.route.id, value })
  }

  replied(place: number, reply: Reply): void {
    const { route, units } = this.#calls[place]!
    if (hasThrown(reply, units)) this.#failures++
    this.#settle({ place, route: route.id, reply })
  }

  failed(place: number, error: unknown): void {
    const { route } = this.#calls[place]!
    this.#failures++
    this.#owner.notRun(route, error)
    this.#settle({ place, route: route.id, failure: encodeFailure(error) })
  }

  #settle(result: HostResult): void {
    this.#settled.add(result.place)
    if (!this.#calls[result.place]!.isCancelled) this.#open--
    this.#results.push(result)
    if (this.#unprotected.length === 0) this.#timer ??= setTimeout(() => this.#tellPart(), WAIT_FOR_REST)
    this.#endIfDone()
  }

  #tellPart(): void {
    this.#timer = undefined
    if (this.#results.length > 0) this.#owner.arrived(this.#results.splice(0))
  }

  #endIfDone(): void {
    if (this.#open === 0) this.#done?.()
  }
}

function isUnprotected({ frozen, encoded }: Unit): boolean {
  return frozen && encoded.kinds.some((kind) => !isFreezable(kind))
}
