import type { Estimates } from './estimates.js'
import type { Waiting } from './waiting.js'

// What a message and the report that answers it cost the main thread, in ms: see docs/scaling.md.
const MESSAGE = 0.02
// What is under way at any time is not to outgrow the processor's caches.
const MOST = 2048

/** How much work makes a good batch, in ms: all lanes together must not ask for more messages than one thread can send. */
export class BatchTimes {
  /** Less is not worth a message. */
  readonly least: number
  /** The last batches get no smaller than this: the end is even enough, and each batch costs both of its ends a moment. */
  readonly atLast: number
  /** While more is coming, shorter calls are gathered until they are worth so much: waking a worker costs the most of a message. */
  readonly gathered: number
  /** A batch is meant to keep a lane busy so long; results come back while others are made. */
  readonly target: number
  /** One of so many equal parts of what is waiting is as much as a batch may have, if that is worth a message. */
  readonly parts: number
  /** So many times as many calls as the largest one of its method so far a batch may have: what is known of them may be known of few. */
  readonly growth: number = 2

  constructor(lanes: number) {
    this.least = Math.max(0.1, MESSAGE * lanes)
    this.atLast = Math.max(0.5, MESSAGE * lanes)
    this.gathered = Math.max(1, 4 * MESSAGE * lanes)
    this.target = Math.max(16, this.gathered)
    // Whoever is alone leaves nothing for others.
    this.parts = lanes === 1 ? 1 : 2 * lanes
  }
}

/** What a batch is to be like: the largest one of its method had `largest` calls, and this one should last for `least` ms. */
export interface BatchFor {
  readonly parts: number
  readonly growth: number
  readonly largest: number
  readonly least: number
  readonly target: number
}

/**
 * How many of the waiting calls travel together: as many as fill the target time, but beyond what makes a message worthwhile
 * no more than a part of what is waiting of one job, and no more than so many times the largest batch; one as long as nothing
 * is known of how long they take.
 */
export function batchSize(
  waiting: Pick<Waiting, 'length' | 'ofOneJob' | 'at'>,
  estimates: Estimates,
  { parts, growth, largest, least, target }: BatchFor,
): number {
  const share = Math.min(growth * largest, Math.ceil(waiting.ofOneJob / parts))
  const most = Math.min(MOST, waiting.length)
  let time = 0
  let size = 0
  let route = -1
  let mean: number | undefined
  while (size < most && time < target && (size < share || time < least)) {
    const { id } = waiting.at(size).route
    if (id !== route) {
      route = id
      mean = estimates.mean(id)
    }
    if (mean === undefined) return Math.max(1, size)
    time += mean
    size++
  }
  return Math.max(1, size)
}
