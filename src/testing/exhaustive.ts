import { Profiles } from '../profiles.js'
import type { Executor } from '../protocol.js'
import { checkFunction, checkOptions, checkWhole } from './checks.js'
import { type OpenCall, type Order, Reordering } from './reordering.js'
import { settled } from './settled.js'
import { withNote } from './with-note.js'

/** Options of `exhaustive()`. */
export interface ExhaustiveOptions {
  /** The most orders that may be tried. Default: 5,040, which are those of seven calls. */
  readonly limit?: number
  /** Runs one order alone: the places of the calls, from 1 on, as they complete. A failure tells it. */
  readonly order?: readonly number[]
}

/**
 * Calls `run` once for every order in which the calls of a small job can complete, one after the other, each time with an executor
 * of its own. Calls run in this thread, with the same snapshots and commits as workers; what `run` throws says in which order.
 * The first order is run again as long as deco-ts learns from it what the methods change, and with that, which calls need not wait for
 * each other.
 *
 * @param run makes the job with the executor it is given, and the same calls each time
 * @returns how many orders there were
 * @throws {RangeError} if there are more than `limit`
 * @example
 * await exhaustive(async (executor) => {
 *   const climate = new Climate({ executor })
 *   assert.equal((await climate.processAll(smallGrid)).size, 4)
 * })
 */
export async function exhaustive(
  run: (executor: Executor) => unknown,
  options: ExhaustiveOptions = {},
): Promise<number> {
  checkFunction('exhaustive()', 'run', run)
  checkOptions('exhaustive()', options, ['limit', 'order'])
  const { limit = 5040, order } = options
  if (order !== undefined && !(Array.isArray(order) && order.every((place) => Number.isSafeInteger(place))))
    throw new TypeError(
      `Cannot use ${String(order)} as the order of exhaustive(): it must be a list of places of calls.`,
    )
  checkWhole('exhaustive()', 'limit', limit, 1)
  const profiles = new Profiles()
  const take = async (path: Path): Promise<PathOrder> => {
    const taken = new PathOrder(path)
    await tell(run, taken, profiles)
    return taken
  }
  let path = await settled(profiles, () => take([]))
  if (order !== undefined) {
    await tell(run, new FixedOrder(order), profiles)
    return 1
  }
  if (path.product > limit) throw tooMany(`about ${path.product}`, limit)
  let count = 1
  for (let next = path.nextPath; next !== undefined; next = path.nextPath) {
    if (++count > limit) throw tooMany(`more than ${limit}`, limit)
    path = await take(next)
  }
  return count
}

async function tell(run: (executor: Executor) => unknown, order: Remembering, profiles: Profiles): Promise<void> {
  try {
    await run(new Reordering(order, profiles))
    if (order.error !== undefined) throw order.error
  } catch (error) {
    if (order.error !== undefined) throw order.error
    const places = order.places.join(', ')
    throw withNote(
      error,
      `This was thrown with the calls completing in the order ${order.said}. To repeat it: exhaustive(run, { order: [${places}] }).`,
    )
  }
}

function tooMany(said: string, limit: number): RangeError {
  return new RangeError(
    `Cannot try all orders of completion: there are ${said}, and the limit is ${limit}. Way out: fewer calls, ` +
      'exhaustive(run, { limit }), or shuffled(run), which tries some of them.',
  )
}

/** An order that can be told afterwards. */
abstract class Remembering implements Order {
  readonly name = 'exhaustive()'
  readonly isWhole = true
  /** Why the order could not be kept. The job runs on to its end without. */
  error: Error | undefined
  readonly #delivered: OpenCall[] = []

  abstract next(open: readonly OpenCall[]): number

  // A loop that makes calls sees nothing of those that complete meanwhile, unless it blocks: then they do.
  isEarly(): boolean {
    return false
  }

  delivered(call: OpenCall): void {
    this.#delivered.push(call)
  }

  /** The places of the calls as they were delivered. */
  get places(): readonly number[] {
    return this.#delivered.map(({ place }) => place)
  }

  /** The same for people. */
  get said(): string {
    return this.#delivered.map(({ place, name }) => `${place} (${name})`).join(', ') || 'of no calls'
  }
}

// Which of the open calls is taken at each step, and of how many.
type Path = readonly { readonly taken: number; readonly of: number }[]

/** One order of all, by what is taken at each step: as the path says and then the first each time. */
class PathOrder extends Remembering {
  readonly #path: Path
  readonly #steps: { readonly taken: number; readonly of: number }[] = []

  constructor(path: Path) {
    super()
    this.#path = path
  }

  next({ length }: readonly OpenCall[]): number {
    const { taken = 0, of = length } = this.#path[this.#steps.length] ?? {}
    if (of !== length)
      this.error ??= new Error(
        `Cannot try all orders of completion: the job had ${length} open calls where it had ${of} before in the same order. Way out: make ` +
          'the job and its arguments anew in each run, and leave out of it what differs from run to run.',
      )
    this.#steps.push({ taken, of })
    return Math.min(taken, length - 1)
  }

  /** How many orders there are if every other path has as many steps. */
  get product(): number {
    return this.#steps.reduce((product, { of }) => product * of, 1)
  }

  /** The path after this one; `undefined` if it is the last. */
  get nextPath(): Path | undefined {
    const last = this.#steps.findLastIndex(({ taken, of }) => taken + 1 < of)
    if (last === -1) return undefined
    const { taken, of } = this.#steps[last]!
    return [...this.#steps.slice(0, last), { taken: taken + 1, of }]
  }
}

/** The calls in a given order; those that it does not name come last. */
class FixedOrder extends Remembering {
  readonly #order: readonly number[]
  #step = 0

  constructor(order: readonly number[]) {
    super()
    this.#order = order
  }

  next(open: readonly OpenCall[]): number {
    const wanted = this.#order[this.#step++]
    if (wanted === undefined) return 0
    const found = open.findIndex(({ place }) => place === wanted)
    if (found !== -1) return found
    this.error ??= new Error(
      `Cannot repeat the order ${this.#order.join(', ')}: call ${wanted} is not open at step ${this.#step}. The job has made other calls ` +
        'than when the order was told.',
    )
    return 0
  }
}
