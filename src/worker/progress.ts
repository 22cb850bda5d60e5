import { stepListener } from './context.js'

/**
 * Tells how much of a long call is done, from within its method or what the method calls: `0.25` is a quarter. Whoever follows the
 * progress of the job sees it about ten times a second, and what comes more often is left out, which makes a call of this
 * function cost a fraction of a microsecond. It changes nothing of what the call gives.
 *
 * Outside a concurrent call it does nothing, so that a method runs the same wherever it is run; nor does it on the hosts of a cluster
 * (`deco-ts/bullmq`). A nested concurrent call is part of the outer one, and speaks for that.
 *
 * @param fraction from 0 to 1; the last word counts
 * @throws {TypeError} if it is not a number
 * @throws {RangeError} if it is not from 0 to 1
 * @example
 * ```ts
 * @concurrent
 * simulate(seed: number, rounds: number): number {
 *   const state = start(seed)
 *   for (let round = 0; round < rounds; round++) {
 *     advance(state)
 *     progress(round / rounds)
 *   }
 *   return state.energy
 * }
 * ```
 */
export function progress(fraction: number): void {
  if (typeof fraction !== 'number')
    throw new TypeError(`Cannot report progress: ${typeof fraction} is not a number. Way out: progress(done / total).`)
  if (!(fraction >= 0 && fraction <= 1))
    throw new RangeError(
      `Cannot report progress of ${fraction}: it must be from 0 to 1. Way out: progress(done / total), with a total above 0.`,
    )
  stepListener()?.(fraction)
}
