// What a batch costs all who have to do with it, in ms of processor time: the queue's bookkeeping, two messages, and those who are
// woken by them. Measured: the program 1, Redis 0.5, the host 2.
const BATCH = 4
// Whatever runs elsewhere, Redis and the program are not to have more than a batch in so many ms to do with.
const APART = 0.5

/** How much work makes a good batch, in ms, where each is a job in a queue that every host takes from. */
export class QueueTimes {
  readonly growth = 8
  /** Number of batches that may be under way. */
  lanes = 0

  get least(): number {
    return BATCH * 4
  }

  get gathered(): number {
    return Math.max(BATCH * 8, APART * this.lanes)
  }

  get atLast(): number {
    return this.least
  }

  get target(): number {
    return Math.max(BATCH * 50, 4 * this.gathered)
  }

  // Every other lane only waits for its turn at a host.
  get parts(): number {
    return this.lanes / 2
  }
}
