import type { Batch, ExecutorCall, ObjectArguments, Route, Unit } from '../protocol.js'
import type { Queue } from '../queue.js'

// A batch is meant to keep a lane busy this long, in ms: long enough to make the cost of a message small, short enough that
// lanes finish together.
const TARGET = 8
// Less work than this, in ms, is not worth a message while more may be coming.
export const WORTHWHILE = 0.1
const MOST = 4096
// How fast the mean time of a route follows what workers report.
const WEIGHT = 0.3
// How many units a lane keeps.
const KEEP = 64

/** What is known of how long the calls of a route take, in ms, by the workers' own clocks. */
export class Estimates {
  readonly #means = new Map<number, number>()

  /** `undefined` until a call of the route has come back. */
  mean(route: number): number | undefined {
    return this.#means.get(route)
  }

  learn(route: number, milliseconds: number): void {
    const known = this.#means.get(route)
    this.#means.set(route, known === undefined ? milliseconds : known + WEIGHT * (milliseconds - known))
  }
}

/**
 * How many of the waiting calls travel together: as many as fill the target time, but beyond what makes a message worthwhile
 * no more than this lane's part of what is waiting, and no more than twice the last batch; one as long as nothing is known
 * of how long they take.
 */
export function batchSize(waiting: Queue<ExecutorCall>, estimates: Estimates, lanes: number, last: number): number {
  const share = Math.min(2 * last, Math.ceil(waiting.length / (2 * lanes)))
  const most = Math.min(MOST, waiting.length)
  let time = 0
  let size = 0
  while (size < most && time < TARGET && (size < share || time < WORTHWHILE)) {
    const mean = estimates.mean(waiting.at(size).route.id)
    if (mean === undefined) return Math.max(1, size)
    time += mean
    size++
  }
  return Math.max(1, size)
}

/** What a lane has been sent, so that it is not sent again. */
export class Sent {
  readonly #routes = new Set<number>()
  // Units that the lane keeps, the one used longest ago first.
  readonly #units = new Set<number>()

  /** Lays calls out as one message. */
  pack(calls: readonly ExecutorCall[]): Batch {
    const routes: Route[] = []
    const units: Unit[] = []
    const passing = new Set<number>()
    const states: [number, number[], readonly number[]][] = []
    const objects: [number, ObjectArguments][] = []
    const args: unknown[] = []
    let last: ExecutorCall | undefined
    calls.forEach((call, i) => {
      if (!this.#routes.has(call.route.id)) {
        this.#routes.add(call.route.id)
        routes.push(call.route)
      }
      if (last === undefined || !sameList(call.units, last.units) || !sameList(call.recorded, last.recorded)) {
        last = call
        states.push([i, call.units.map(({ id }) => id), call.recorded])
        for (const unit of call.units) this.#add(unit, units, passing)
      }
      if (call.objects !== undefined) {
        objects.push([i, call.objects])
        for (const arg of call.args) args.push(typeof arg === 'object' ? null : arg)
      } else args.push(...call.args)
    })
    const forget = [...passing, ...this.#evict()]
    return {
      ...(routes.length > 0 && { routes }),
      ...(units.length > 0 && {
        units: units.map(({ id, encoded, lasting, frozen }) => ({ id, encoded, lasting, frozen })),
      }),
      ...(forget.length > 0 && { forget }),
      calls: calls.length,
      route: allOrOne(calls.map(({ route }) => route.id)),
      count: allOrOne(calls.map(({ args }) => args.length)),
      args,
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
    const oldest = [...this.#units].slice(0, Math.max(0, this.#units.size - KEEP))
    for (const id of oldest) this.#units.delete(id)
    return oldest
  }
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((item, i) => item === b[i]))
}

function allOrOne(numbers: readonly number[]): number | readonly number[] {
  const [first = 0] = numbers
  return numbers.every((number) => number === first) ? first : numbers
}
