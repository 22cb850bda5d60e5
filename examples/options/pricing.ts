import { concurrent, Job, synchronized } from 'deco-ts'
import { type Option, type Payoffs, simulate } from './price.js'

export class Pricing extends Job {
  /** The seed is an argument: the paths are the same in whatever order, and on however many workers, the calls run. */
  @concurrent
  simulate(option: Option, paths: number, seed: number): Payoffs {
    return simulate(option, paths, seed)
  }

  /** For each option as many parts as asked for, each with a seed of its own. */
  @synchronized
  async simulateAll(options: readonly Option[], parts: number, paths: number): Promise<Payoffs[][]> {
    return options.map((option, index) =>
      Array.from({ length: parts }, (_, part) => this.simulate(option, paths, index * parts + part)),
    )
  }
}
