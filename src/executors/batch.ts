import type { ExecutorCall } from '../protocol.js'
import type { Queue } from '../queue.js'
import type { Estimates } from './estimates.js'

// A batch is meant to keep a lane busy this long, in ms: long enough to make the cost of a message small, short enough that
// results come back while others are made.
const TARGET = 8
/** Less work than this, in ms, is not worth a message. */
export const WORTHWHILE = 0.1
/** While more is coming, calls are gathered until they are worth so many ms: each message wakes a worker. */
export const GATHERED = 0.4
// What is under way at any time is not to outgrow the processor's caches.
const MOST = 1024

/**
 * How many of the waiting calls travel together: as many as fill the target time, but beyond what makes a message worthwhile
 * no more than this lane's part of what is waiting, and no more than twice the last batch; one as long as nothing is known
 * of how long they take.
 */
export function batchSize(waiting: Queue<ExecutorCall>, estimates: Estimates, lanes: number, last: number): number {
  const share = Math.min(2 * last, Math.ceil(waiting.length / (2 * lanes)))
  const most = Math.min(MOST, waiting.length)
  let time = 0
  let size = 0
  let route = -1
  let mean: number | undefined
  while (size < most && time < TARGET && (size < share || time < WORTHWHILE)) {
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
