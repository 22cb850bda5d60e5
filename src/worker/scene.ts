import type { Change, ObjectArguments } from '../protocol.js'
import type { Flat } from '../values/flat.js'
import type { Graph } from '../values/graph.js'
import { isCount, malformed } from '../values/malformed.js'
import { changesOf } from '../values/patch.js'

/** A snapshot in a worker: its objects, and whether a call may change them. */
export interface Held {
  readonly id: number
  readonly graph: Graph
  readonly frozen: boolean
  /** Of a job that is flat, what it was when it was made. */
  readonly flat: Flat | undefined
}

/** The objects that a call sees in a worker: the job and those that its arguments lead to. Calls that change nothing share one. */
export class Scene {
  readonly ids: readonly number[]
  readonly graphs: readonly Graph[]
  readonly job: object
  // Those that a call may have changed: of a job that is flat it is told fast, the others are compared as a whole.
  readonly #flatJob: Flat | undefined
  readonly #open: readonly Held[]
  readonly #rest: readonly Held[]

  constructor(held: readonly Held[]) {
    this.ids = held.map(({ id }) => id)
    this.graphs = held.map(({ graph }) => graph)
    this.job = this.graphs[0]!.nodes[0]!
    this.#open = held.filter(({ frozen }) => !frozen)
    this.#flatJob = held[0]!.flat
    this.#rest = this.#flatJob === undefined ? this.#open : this.#open.slice(1)
  }

  isOf(ids: readonly number[]): boolean {
    return ids === this.ids || (ids.length === this.ids.length && ids.every((id, i) => id === this.ids[i]))
  }

  /** Puts the objects among the arguments in their places. */
  place(args: unknown[], objects: ObjectArguments): void {
    for (let i = 0; i < objects.length; i += 3) {
      const at = objects[i]!
      if (!isCount(at, args.length - 1)) throw malformed(`a call has no argument ${String(at)}`)
      args[at] = this.graphs[objects[i + 1]!]!.nodes[objects[i + 2]!]
    }
  }

  /** Whether it is plain to see that nothing has changed. */
  get isUntouched(): boolean {
    return this.#rest.length === 0 && this.#isJobUntouched
  }

  get #isJobUntouched(): boolean {
    const flat = this.#flatJob
    return flat?.isUnchanged() === true && flat.isWhole()
  }

  /** What has changed, and in which snapshots. */
  changes(): { patch: Change[]; spoiled: number[] } {
    const patch: Change[] = []
    const spoiled: number[] = []
    for (const { id, graph } of this.#isJobUntouched ? this.#rest : this.#open) {
      const changes = changesOf(graph)
      if (changes.length > 0) spoiled.push(id)
      for (const change of changes) patch.push(change)
    }
    return { patch, spoiled }
  }
}
