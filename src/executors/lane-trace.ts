import { type BatchTrace, type CallTrace, channels, living, time, type WorkerTrace } from '../channels.js'
import type { Batch, ExecutorCall, Report } from '../protocol.js'
import type { TracedCall } from '../traced-call.js'
import { sizeOf, sizeOfArguments, sizeOfGraph } from '../values/sizes.js'
import type { Outstanding } from './outstanding.js'

let workers = 0

/** Tells those who listen of one worker and its batches. */
export class LaneTrace {
  readonly #executor: string
  readonly #worker = ++workers
  readonly #trace: WorkerTrace

  constructor(executor: string, most: number) {
    this.#executor = executor
    this.#trace = { executor, most, worker: this.#worker, started: time() }
    living.add(this.#trace)
    if (channels.worker.hasSubscribers) channels.worker.start.publish(this.#trace)
  }

  /** Whether a batch is to be told of. */
  get isOn(): boolean {
    return channels.call.hasSubscribers || channels.batch.hasSubscribers
  }

  /** The worker has imported what its first calls need. */
  ready(): void {
    if (this.#trace.ready !== undefined) return
    this.#trace.ready = time()
    if (channels.worker.hasSubscribers) channels.worker.asyncStart.publish(this.#trace)
  }

  /** It is no more. */
  over(): void {
    if (this.#trace.over !== undefined) return
    living.delete(this.#trace)
    this.#trace.over = time()
    if (channels.worker.hasSubscribers) channels.worker.asyncEnd.publish(this.#trace)
  }

  /** A batch is on its way. */
  sent(number: number, calls: readonly ExecutorCall[], { units = [] }: Batch): BatchTrace | undefined {
    if (!channels.batch.hasSubscribers) return undefined
    let bytesOut = 0
    const traces: CallTrace[] = []
    const sizes = new Map(units.map(({ id, encoded }) => [id, sizeOfGraph(encoded)]))
    for (const call of calls) {
      const bytes = sizeOfArguments(call) + (sizes.size === 0 ? 0 : sizeOfNew(call, sizes))
      bytesOut += bytes
      const trace = call.trace as TracedCall | undefined
      if (trace === undefined) continue
      trace.bytesOut += bytes
      traces.push(trace)
    }
    const trace: BatchTrace = {
      executor: this.#executor,
      worker: this.#worker,
      number,
      calls: traces,
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
        outstanding.at(i).ran?.(this.#worker, number + 1, spans[2 * i]!, spans[2 * i + 1]!)
      }
    }
    if (batch === undefined) return
    for (let i = 0; i < values.length; i++) this.#received(batch, outstanding.at(i), sizeOf(values[i]))
    for (const [i, { encoded }] of replies) this.#received(batch, outstanding.at(i), sizeOfGraph(encoded))
    batch.reported += values.length
    channels.batch.asyncStart.publish(batch)
  }

  #received(batch: BatchTrace, { trace }: ExecutorCall, bytes: number): void {
    batch.bytesIn += bytes
    if (trace !== undefined) (trace as TracedCall).bytesIn += bytes
  }

  /** Nothing more will come of a batch. */
  ended(batch: BatchTrace | undefined): void {
    if (batch === undefined || batch.over !== undefined) return
    batch.over = time()
    channels.batch.asyncEnd.publish(batch)
  }
}

// What the first call of the batch that needs it pays.
function sizeOfNew({ units }: ExecutorCall, sizes: Map<number, number>): number {
  let bytes = 0
  for (const { id } of units) {
    bytes += sizes.get(id) ?? 0
    sizes.delete(id)
  }
  return bytes
}
