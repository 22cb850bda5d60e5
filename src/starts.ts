/**
 * Counts of the calls that a worker has begun, batch by batch, which both sides see at once. Before each call the worker takes
 * a ticket; the main thread can take back, at any time, all calls of a batch that have none yet, without waiting for a worker
 * that may be busy for long.
 */
export interface Starts {
  /** Begins the count of a batch. */
  reset(slot: number): void
  /** The worker's side: it comes to its next batch. */
  arrive(slot: number): void
  /** The worker's side: whether the next call of a batch may begin. */
  take(slot: number): boolean
  /** How many batches the worker has come to. */
  readonly arrived: number
  /** How many calls of a batch have begun; of one that was taken back it may be one more, which was refused. */
  begun(slot: number): number
  /** Takes back the calls of a batch that have not begun, and tells how many have. */
  recall(slot: number): number
}

/** The counts of a worker thread, in memory that it shares with the main thread. */
export class SharedStarts implements Starts {
  readonly counts: Int32Array

  constructor(counts: Int32Array = new Int32Array(new SharedArrayBuffer(4 * (SLOTS + 1)))) {
    this.counts = counts
  }

  reset(slot: number): void {
    Atomics.store(this.counts, slot, 0)
  }

  arrive(): void {
    Atomics.add(this.counts, SLOTS, 1)
  }

  take(slot: number): boolean {
    return (Atomics.add(this.counts, slot, 1) & RECALLED) === 0
  }

  get arrived(): number {
    return Atomics.load(this.counts, SLOTS)
  }

  begun(slot: number): number {
    return Atomics.load(this.counts, slot) & ~RECALLED
  }

  recall(slot: number): number {
    return Atomics.or(this.counts, slot, RECALLED) & ~RECALLED
  }
}

/** A slot is used again after so many batches: by then the worker must have left it behind. */
export const SLOTS = 64

/** The most calls of a batch. */
export const MOST_CALLS = 2 ** 16

/** Set once calls have been taken back; the bits below it count. */
export const RECALLED = 1 << 30
