import { concurrent, Job, synchronized, TrackedMap } from 'deco-ts'
import { countWords, type Part } from './count.js'

export class WordCount extends Job {
  readonly counts = new TrackedMap<Part, Map<string, number>>()

  /** The worker reads the file: what crosses is its name, and the counts. */
  @concurrent
  count(part: Part): Map<string, number> {
    return countWords(part)
  }

  @synchronized
  async countAll(parts: readonly Part[]): Promise<Map<Part, Map<string, number>>> {
    for (const part of parts) this.counts.set(part, this.count(part))
    return this.counts
  }
}
