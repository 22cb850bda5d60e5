import { BatchTimes } from '../executors/batch.js'
import { Estimates } from '../executors/estimates.js'
import { LaneExecutor } from '../executors/lane-executor.js'
import { startThread } from '../executors/start-thread.js'
import type { ExecutorCall } from '../protocol.js'
import { LONGEST_MESSAGE } from './limits.js'

// What a host hears of its lanes it does not pass on at once: being told, in ms, more often would only cost it time.
const REPORT_AFTER = 200
// A batch of a lane, in ms: about as long as one from the queue.
const TARGET = 200

class HostTimes extends BatchTimes {
  override readonly target = TARGET
  override readonly growth = Number.POSITIVE_INFINITY
}

/** The worker threads of a host, which stay as long as it does. */
export class HostLanes extends LaneExecutor {
  readonly #estimates = new Estimates()

  constructor(workers: number) {
    const start = (setup: Parameters<typeof startThread>[0]) =>
      startThread(setup, { isApart: true, longest: LONGEST_MESSAGE, reportAfter: REPORT_AFTER })
    super(
      { name: 'serve', isApart: true, start, times: new HostTimes(workers) },
      { workers, idleTimeout: Number.POSITIVE_INFINITY },
    )
  }

  /** How long a call of a route takes, in ms; `undefined` until one has come back. */
  mean(route: number): number | undefined {
    return this.#estimates.mean(route)
  }

  override timed(call: ExecutorCall, milliseconds: number, calls: number): void {
    super.timed(call, milliseconds, calls)
    this.#estimates.learn(call.route.id, milliseconds, calls)
  }
}
