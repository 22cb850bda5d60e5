import type { ExecutorCall } from '../protocol.js'
import { type Death, overdue, unwanted } from './deaths.js'

/** What can be seen of a worker that has something to do. */
export interface Sight {
  /** The call that is running; or the first that is to run, or whose module is imported; none if all were taken back. */
  readonly call: ExecutorCall | undefined
  readonly isRunning: boolean
}

export interface WatchedLane {
  /** `undefined` where nothing is to do. */
  readonly sight: Sight | undefined
  /** Stops the worker, unless it has just gone on. */
  kill(death: Death, sight: Sight): void
}

// A call that is cancelled may end by itself, in ms; starting a worker anew takes about as long.
const GRACE = 30
// So long may a worker do what nobody waits for before it comes to its next call.
const DETOUR = 1000
// A worker may need so long to start and to import a module, at least, whatever the timeout of the call that waits.
const START = 10_000

/** Looks after workers that have something to do: none may do the same thing for too long. */
export class Watch<Lane extends WatchedLane> {
  readonly #lanes: () => readonly Lane[]
  #seen = new Map<Lane, Sight & { readonly since: number }>()

  constructor(lanes: () => readonly Lane[]) {
    this.#lanes = lanes
  }

  /** Stops workers of which it is time. Whether there is something to look after. */
  look(now: number): boolean {
    const before = this.#seen
    this.#seen = new Map()
    let isNeeded = false
    for (const lane of this.#lanes().slice()) {
      const { sight } = lane
      if (sight === undefined) continue
      isNeeded = true
      const last = before.get(lane)
      const isSame = last?.call === sight.call && last?.isRunning === sight.isRunning
      const since = isSame ? last!.since : now
      const death = deathOf(sight, now - since)
      if (death === undefined) this.#seen.set(lane, { ...sight, since })
      else lane.kill(death, sight)
    }
    return isNeeded
  }
}

function deathOf({ call, isRunning }: Sight, time: number): Death | undefined {
  if (call === undefined || call.isCancelled) return time > (isRunning ? GRACE : DETOUR) ? unwanted : undefined
  const { timeout = Number.POSITIVE_INFINITY } = call.route
  return time > (isRunning ? timeout : Math.max(timeout, START)) ? overdue : undefined
}
