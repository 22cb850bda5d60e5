import { Profiles } from '../profiles.js'
import type { Executor } from '../protocol.js'
import { checkOptions, checkWhole } from './checks.js'
import { checkSeed, randomFrom } from './random.js'
import { type OpenCall, type Order, Reordering } from './reordering.js'
import { settled } from './settled.js'
import { withNote } from './with-note.js'

/** Options of `shuffled()` when it is given what to run. */
export interface ShuffledOptions {
  /** The seed of the first run; each further one takes the next number. Default: 1. */
  readonly seed?: number
  /** Number of runs. Default: 100. */
  readonly runs?: number
}

/**
 * Runs calls in this thread in a random order, and delivers what came of them in another, with the same snapshots and commits as
 * workers: now and then while the caller's loop still runs. The same seed gives the same orders.
 * @throws {TypeError} if the seed is no whole number
 * @example
 * const climate = new Climate({ executor: shuffled({ seed: 7 }) })
 */
export function shuffled(options: { readonly seed: number }): Executor
/**
 * The same for many seeds: calls `run` with an executor for each, one after the other, and again with the same seed as long as
 * deco-ts learns from it what the methods change, and with that, which calls need not wait for each other. What it throws says with
 * which seed.
 * @throws {TypeError} if the seed is no whole number
 * @throws {RangeError} if the number of runs is not a positive whole number
 * @example
 * await shuffled(async (executor) => {
 *   const climate = new Climate({ executor })
 *   assert.equal((await climate.processAll(grid)).size, 12)
 * })
 */
export function shuffled(run: (executor: Executor) => unknown, options?: ShuffledOptions): Promise<void>
export function shuffled(
  first: { readonly seed: number } | ((executor: Executor) => unknown),
  options: ShuffledOptions = {},
): Executor | Promise<void> {
  return typeof first === 'function'
    ? runMany(first, options)
    : new Reordering(new Shuffle(checkSeed('shuffled()', first?.seed)), new Profiles())
}

async function runMany(run: (executor: Executor) => unknown, options: ShuffledOptions): Promise<void> {
  checkOptions('shuffled()', options, ['seed', 'runs'])
  const { seed = 1, runs = 100 } = options
  checkSeed('shuffled()', seed)
  checkWhole('shuffled()', 'runs', runs, 1)
  const profiles = new Profiles()
  for (let now = seed; now < seed + runs; now++) {
    try {
      await settled(profiles, async () => run(new Reordering(new Shuffle(now), profiles)))
    } catch (error) {
      throw withNote(
        error,
        `This was thrown with the calls in the order of seed ${now}. To repeat it: shuffled(run, { seed: ${now}, runs: 1 }).`,
      )
    }
  }
}

/** A random order. */
export class Shuffle implements Order {
  readonly name: string
  readonly isWhole = false
  readonly #random: () => number

  constructor(seed: number) {
    this.name = `shuffled({ seed: ${seed} })`
    this.#random = randomFrom(seed)
  }

  next(open: readonly OpenCall[]): number {
    return Math.floor(this.#random() * open.length)
  }

  isEarly(): boolean {
    return this.#random() < 0.3
  }
}
