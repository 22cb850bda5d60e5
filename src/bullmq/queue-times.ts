// What a batch costs all who have to do with it, in ms: the queue's bookkeeping, two messages, and those who are woken by them.
const MESSAGE = 0.5

/** How much work makes a good batch, in ms, where each is a job in a queue that every host takes from. */
export class QueueTimes {
  /** Number of batches that may be under way. */
  lanes = 0

  get least(): number {
    return MESSAGE * 4
  }

  get gathered(): number {
    return MESSAGE * Math.max(8, this.lanes)
  }

  get atLast(): number {
    return this.least
  }

  get target(): number {
    return Math.max(50, 4 * this.gathered)
  }
}
