import type { Counter, Histogram, Meter } from '@opentelemetry/api'
import type { BatchTrace, CallTrace } from 'deco-ts'

// From a microsecond to a minute, in seconds.
const TIMES = [1e-6, 1e-5, 1e-4, 1e-3, 5e-3, 1e-2, 5e-2, 0.1, 0.5, 1, 5, 10, 60]
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]

/** Histograms of what calls take, of how long they wait, and of how many travel together. */
export class JobMetrics {
  readonly #calls: Counter
  readonly #duration: Histogram
  readonly #queue: Histogram
  readonly #batch: Histogram

  constructor(meter: Meter) {
    this.#calls = meter.createCounter('deco.calls', { unit: '{call}', description: 'Calls that are over' })
    this.#duration = meter.createHistogram('deco.call.duration', {
      unit: 's',
      description: 'Time that a method takes in its worker',
      advice: { explicitBucketBoundaries: TIMES },
    })
    this.#queue = meter.createHistogram('deco.call.queue.duration', {
      unit: 's',
      description: 'Time from the making of a call to the beginning of its method, results that it waits for included',
      advice: { explicitBucketBoundaries: TIMES },
    })
    this.#batch = meter.createHistogram('deco.batch.size', {
      unit: '{call}',
      description: 'Calls that a worker was sent together and has run',
      advice: { explicitBucketBoundaries: SIZES },
    })
  }

  batchOver({ executor, reported }: BatchTrace): void {
    this.#batch.record(reported, { 'deco.executor': executor })
  }

  callArrived({ method, made, began, ended, reruns }: CallTrace): void {
    if (began === undefined || ended === undefined) return
    const attributes = { 'deco.method': method }
    // The clock of the worker may be ahead or behind by a little.
    this.#duration.record(Math.max(0, ended - began) / 1000, attributes)
    if (reruns === 0) this.#queue.record(Math.max(0, began - made) / 1000, attributes)
  }

  callOver({ method, outcome }: CallTrace): void {
    this.#calls.add(1, { 'deco.method': method, 'deco.outcome': outcome! })
  }
}
