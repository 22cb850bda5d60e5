import type { Channel, ChannelListener } from 'node:diagnostics_channel'
import { availableParallelism } from 'node:os'
import { type CallTable, keepCalls } from '../call-table.js'
import {
  type BatchTrace,
  type CommitTrace,
  channels,
  living,
  type PhaseTrace,
  time,
  type WorkerTrace,
} from '../channels.js'
import { Places } from './places.js'
import { recordedCalls } from './recorded-calls.js'
import type { RecordedBatch, RecordedCommit, RecordedPhase, RecordedWorker, Trace } from './trace.js'

/** Options of a recording. */
export interface RecordOptions {
  /** How many calls are kept, and as many batches and commits. What comes later is only counted. Default: 1,000,000, some 300 MB. */
  readonly calls?: number
}

/** A recording that goes on until it is stopped. */
export interface Recording {
  /** What has been recorded so far. */
  readonly trace: Trace
  /** Ends the recording, and gives what it has recorded. */
  stop(): Trace
  /** The same, at the end of a block that has it as `using recording = record()`. */
  [Symbol.dispose](): void
}

/**
 * Records all that jobs of this thread do from now on: calls, batches, commits, phases and workers. A call that is still open when the
 * recording ends is not in it.
 * @throws {RangeError} if `calls` is not a positive whole number
 * @example
 * const recording = record()
 * await climate.processDataSet(grid)
 * await writeTimeline(recording.stop(), 'timeline.html')
 */
export function record({ calls = 1_000_000 }: RecordOptions = {}): Recording {
  if (!Number.isSafeInteger(calls) || calls < 1)
    throw new RangeError(`Cannot record ${calls} calls: record({ calls }) takes a positive whole number.`)
  return new Recorder(calls)
}

class Recorder implements Recording {
  readonly #most: number
  readonly #began = time()
  // What has been recorded, once it has ended.
  #trace: Trace | undefined
  readonly #tables: CallTable[] = []
  // Of all tables, those for which there was no room as well.
  readonly #filled: CallTable['filled'][] = []
  readonly #batches: RecordedBatch[] = []
  #isFull = false
  // Batches that are under way: they hold their calls, and those what they were given.
  readonly #open = new Set<BatchTrace>()
  readonly #workers: WorkerTrace[] = [...living]
  readonly #commits: CommitTrace[] = []
  readonly #phases: PhaseTrace[] = []
  readonly #stops: readonly (() => void)[]

  constructor(most: number) {
    this.#most = most
    const on = <T>(channel: Channel, take: (trace: T) => void) => {
      const listener = take as ChannelListener
      channel.subscribe(listener)
      return () => channel.unsubscribe(listener)
    }
    const { batch, commit, phase, worker } = channels
    this.#stops = [
      keepCalls((table) => this.#take(table)),
      on(batch.start, (trace: BatchTrace) => this.#open.add(trace)),
      on(batch.asyncEnd, (trace: BatchTrace) => this.#done(trace)),
      on(commit.end, (trace: CommitTrace) => this.#keep(this.#commits, trace)),
      on(phase.start, (trace: PhaseTrace) => this.#keep(this.#phases, trace)),
      on(worker.start, (trace: WorkerTrace) => this.#keep(this.#workers, trace)),
    ]
  }

  get trace(): Trace {
    return this.#trace ?? this.#soFar()
  }

  stop(): Trace {
    for (const stop of this.#stops) stop()
    this.#trace ??= this.#soFar()
    return this.#trace
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  #take(table: CallTable): void {
    this.#filled.push(table.filled)
    if (this.#isFull) return
    this.#isFull = this.#kept >= this.#most
    if (!this.#isFull) this.#tables.push(table)
  }

  get #kept(): number {
    let calls = 0
    for (const { filled } of this.#tables) calls += filled.rows
    return Math.min(this.#most, calls)
  }

  #soFar(): Trace {
    const began = this.#began
    const since = (at: number | undefined) => (at === undefined ? null : at - began)
    const jobs = new Places<object>()
    const methods = new Places<string>()
    const calls = recordedCalls(this.#tables, this.#most, began, jobs, methods)
    const commits = this.#commits.flatMap(({ job, began: at, ended, calls }): RecordedCommit[] =>
      calls === 0 ? [] : [{ job: jobs.of(job), began: at - began, ended: ended! - began, calls }],
    )
    const phases = this.#phases.map(
      ({ job, number, began: at, over, calls, failed }): RecordedPhase => ({
        ...{ job: jobs.of(job), number, began: at - began, over: since(over), calls, failed },
      }),
    )
    let made = 0
    for (const { rows } of this.#filled) made += rows
    return {
      version: 1,
      began,
      length: time() - began,
      node: process.version,
      processors: availableParallelism(),
      jobs: jobs.all.map((job) => job.constructor.name),
      methods: methods.all,
      calls,
      batches: [...this.#batches, ...[...this.#open].map((trace) => this.#batch(trace))].sort(
        (a, b) => a.sent - b.sent,
      ),
      workers: this.#workers.map(
        ({ executor, most, worker, started, ready, over }): RecordedWorker => ({
          ...{ executor, most, worker, started: started - began, ready: since(ready), over: since(over) },
        }),
      ),
      commits,
      phases,
      missing: made - this.#kept,
    }
  }

  #done(trace: BatchTrace): void {
    if (this.#open.delete(trace)) this.#keep(this.#batches, this.#batch(trace))
  }

  #batch({ executor, worker, number, calls, sent, over, bytesOut, bytesIn }: BatchTrace): RecordedBatch {
    const times = { sent: sent - this.#began, over: over === undefined ? null : over - this.#began }
    return { executor, worker, number, calls: calls.length, ...times, bytesOut, bytesIn }
  }

  #keep<T>(list: T[], item: T): void {
    if (list.length < this.#most) list.push(item)
  }
}
