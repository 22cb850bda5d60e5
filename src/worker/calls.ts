import type { Batch, ObjectArguments } from '../protocol.js'

/** Goes through the calls of a batch. */
export class Calls {
  route = 0
  units: readonly number[] = []
  recorded: readonly number[] = []
  objects: ObjectArguments | undefined
  readonly #batch: Batch
  readonly #count: number
  #at = -1
  #arg = 0
  #state = 0
  #object = 0

  constructor(batch: Batch) {
    this.#batch = batch
    this.#count = batch.calls
  }

  next(): boolean {
    const { route, states, objects } = this.#batch
    const at = ++this.#at
    if (at === this.#count) return false
    this.route = typeof route === 'number' ? route : route[at]!
    if (states[this.#state]?.[0] === at) [, this.units, this.recorded] = states[this.#state++]!
    this.objects = objects?.[this.#object]?.[0] === at ? objects[this.#object++]![1] : undefined
    return true
  }

  /** The arguments of the present call, for it alone. */
  args(): unknown[] {
    const { count, args } = this.#batch
    const length = typeof count === 'number' ? count : count[this.#at]!
    const own: unknown[] = []
    for (let i = 0; i < length; i++) own.push(args[this.#arg++])
    return own
  }
}
