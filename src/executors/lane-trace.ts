import { type BatchTrace, type CallTrace, channels, time, type WorkerTrace } from '../channels.js'
import type { Batch, ExecutorCall, Report } from '../protocol.js'
import { sizeOf, sizeOfArguments, sizeOfGraph } from '../values/sizes.js'
import type { Outstanding } from './outstanding.js'

let workers = 0

/** Tells those who listen of one worker and its batches. */
export class LaneTrace {
  readonly #executor: string
  readonly #worker = ++workers
  #trace: WorkerTrace | undefined

  constructor(executor: string) {
    this.#executor = executor
    if (!channels.worker.hasSubscribers) return
    this.#trace = { executor, worker: this.#worker, started: time() }
    channels.worker.start.publish(this.#trace)
  }

  /** Whether a batch is to be told of. */
  get isOn(): boolean {
    return channels.call.hasSubscribers || channels.batch.hasSubscribers
  }

  /** The worker has imported what its first calls need. */
  ready(): void {
    if (this.#trace === undefined || this.#trace.ready !== undefined) return
    this.#trace.ready = time()
    channels.worker.asyncStart.publish(this.#trace)
  }

  /** It is no more. */
  over(): void {
    if (this.#trace === undefined || this.#trace.over !== undefined) return
    this.#trace.over = time()
    channels.worker.asyncEnd.publish(this.#trace)
  }

  /** A batch is on its way. */
  sent(number: number, calls: readonly ExecutorCall[], { units = [] }: Batch): BatchTrace | undefined {
    if (!channels.batch.hasSubscribers) return undefined
    let bytesOut = 0
    for (const call of calls) bytesOut += sizeOfArguments(call)
    for (const { encoded } of units) bytesOut += sizeOfGraph(encoded)
    const trace: BatchTrace = {
      executor: this.#executor,
      worker: this.#worker,
      number,
      calls: calls.flatMap(({ trace }) => (trace as CallTrace | undefined) ?? []),
      sent: time(),
      bytesOut,
      bytesIn: 0,
      reported: 0,
    }
    channels.batch.start.publish(trace)
    return trace
  }

  /** The next calls have been reported, and are about to be told what came of them. */
  reported(outstanding: Pick<Outstanding, 'first' | 'at'>, { spans, values, replies = [] }: Report): void {
    const { number, trace: batch } = outstanding.first!
    if (spans !== undefined) {
      for (let i = 0; i < values.length; i++) {
        const [began, ended] = [spans[2 * i]!, spans[2 * i + 1]!]
        outstanding.at(i).ran?.({ worker: this.#worker, batch: number + 1, began, ended })
      }
    }
    if (batch === undefined) return
    for (const value of values) batch.bytesIn += sizeOf(value)
    for (const [, { encoded }] of replies) batch.bytesIn += sizeOfGraph(encoded)
    batch.reported += values.length
    channels.batch.asyncStart.publish(batch)
  }

  /** Nothing more will come of a batch. */
  ended(batch: BatchTrace | undefined): void {
    if (batch === undefined || batch.over !== undefined) return
    batch.over = time()
    channels.batch.asyncEnd.publish(batch)
  }
}
