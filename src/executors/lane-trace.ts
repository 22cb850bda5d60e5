import { type BatchTrace, type CallTrace, channels, living, type WorkerTrace } from '../channels.js'
import { time } from '../clock.js'
import type { Batch, ExecutorCall, Report } from '../protocol.js'
import { isRecorded, recorders } from '../recorders.js'
import { reportClock } from '../report-clock.js'
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
    for (const recorder of recorders.all) recorder.workerStarted(this.#trace)
    if (channels.worker.hasSubscribers) channels.worker.start.publish(this.#trace)
  }

  /** Whether a batch is to be told of. */
  get isOn(): boolean {
    return isRecorded() || channels.call.hasSubscribers || channels.batch.hasSubscribers
  }

  /** The worker has imported what its first calls need. */
  ready(): void {
    // Its last reports may be read when it is no more.
    if (this.#trace.ready !== undefined || this.#trace.over !== undefined) return
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
    if (!isRecorded() && !channels.batch.hasSubscribers) return undefined
    const traces = new Array<CallTrace>(calls.length)
    let told = 0
    const sizes = new Map(units.map(({ id, encoded }) => [id, sizeOfGraph(encoded)]))
    let bytesOut = 0
    for (let i = 0; i < calls.length; i++) {
      const call = calls[i]!
      const bytes = sizeOfArguments(call) + (sizes.size === 0 ? 0 : sizeOfNew(call, sizes))
      bytesOut += bytes
      const trace = call.trace as TracedCall | undefined
      if (trace === undefined) continue
      trace.sent(bytes)
      traces[told++] = trace
    }
    traces.length = told
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
    for (const recorder of recorders.all) recorder.batchSent(trace)
    channels.batch.start.publish(trace)
    return trace
  }

  /** The next calls have been reported, and are about to be told what came of them. `true` if it is to hear when they have been. */
  reported(outstanding: Pick<Outstanding, 'first' | 'at'>, { spans, values, replies = [] }: Report): boolean {
    if (!this.isOn) return false
    reportClock.begin()
    const { number, trace: batch } = outstanding.first!
    let bytesIn = 0
    for (let i = 0; i < values.length; i++) {
      const call = outstanding.at(i)
      if (spans !== undefined) call.ran?.(this.#worker, number + 1, spans, 2 * i)
      bytesIn += received(call, sizeOf(values[i]))
    }
    for (const [i, { encoded }] of replies) bytesIn += received(outstanding.at(i), sizeOfGraph(encoded))
    if (batch === undefined) return true
    batch.bytesIn += bytesIn
    batch.reported += values.length
    channels.batch.asyncStart.publish(batch)
    return true
  }

  /** They have been told. */
  taken(): void {
    reportClock.end()
  }

  /** Nothing more will come of a batch. */
  ended(batch: BatchTrace | undefined): void {
    if (batch === undefined || batch.over !== undefined) return
    batch.over = time()
    for (const recorder of recorders.all) recorder.batchOver(batch)
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

function received({ trace }: ExecutorCall, bytes: number): number {
  ;(trace as TracedCall | undefined)?.received(bytes)
  return bytes
}
