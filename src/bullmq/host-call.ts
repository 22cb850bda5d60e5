import type { ExecutorCall, ObjectArguments, Reply, Route, Unit } from '../protocol.js'

/** Who is told what came of a call of a batch, by its place there. */
export interface HostCallOwner {
  succeeded(place: number, value: unknown): void
  replied(place: number, reply: Reply): void
  failed(place: number, error: unknown): void
}

/** What a call sees and where it goes. */
export interface HostCallParts {
  readonly route: Route
  readonly job: object
  readonly units: readonly Unit[]
  readonly args: readonly unknown[]
  readonly objects: ObjectArguments | undefined
  readonly recorded: readonly number[]
}

/** A call of another machine, as the lanes of this one see it. */
export class HostCall implements ExecutorCall {
  readonly number: number
  readonly route: Route
  readonly job: object
  readonly units: readonly Unit[]
  readonly args: readonly unknown[]
  readonly objects: ObjectArguments | undefined
  readonly recorded: readonly number[]
  readonly #owner: HostCallOwner
  readonly #place: number
  isCancelled = false

  constructor(owner: HostCallOwner, place: number, { route, job, units, args, objects, recorded }: HostCallParts) {
    this.#owner = owner
    this.#place = place
    this.number = place + 1
    this.route = route
    this.job = job
    this.units = units
    this.args = args
    this.objects = objects
    this.recorded = recorded
  }

  began(): void {}

  succeed(value: unknown): void {
    this.#owner.succeeded(this.#place, value)
  }

  reply(reply: Reply): void {
    this.#owner.replied(this.#place, reply)
  }

  fail(error: unknown): void {
    this.#owner.failed(this.#place, error)
  }

  after(): void {}
}
