import type { Channel, ChannelListener } from 'node:diagnostics_channel'
import { availableParallelism } from 'node:os'
import {
  type BatchTrace,
  type CallTrace,
  type CommitTrace,
  channels,
  living,
  type PhaseTrace,
  time,
  type WorkerTrace,
} from '../channels.js'
import { CallColumns } from './call-columns.js'
import { inShort } from './in-short.js'
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
  #ended: number | undefined
  #missing = 0
  readonly #jobs = new Map<object, number>()
  readonly #classes: string[] = []
  readonly #methods = new Map<string, number>()
  readonly #calls: CallColumns
  readonly #batches: RecordedBatch[] = []
  // Batches that are under way: they hold their calls, and those what they were given.
  readonly #open = new Set<BatchTrace>()
  readonly #workers: WorkerTrace[] = [...living]
  readonly #commits: RecordedCommit[] = []
  readonly #phases: PhaseTrace[] = []
  // Arguments that may change before the call is over, as they were when it was made.
  readonly #args = new WeakMap<CallTrace, string>()
  readonly #stops: readonly (() => void)[]

  constructor(most: number) {
    this.#most = most
    this.#calls = new CallColumns(this.#began)
    const on = <T>(channel: Channel, take: (trace: T) => void) => {
      const listener = take as ChannelListener
      channel.subscribe(listener)
      return () => channel.unsubscribe(listener)
    }
    const { call, batch, commit, phase, worker } = channels
    this.#stops = [
      on(call.start, (trace: CallTrace) => this.#made(trace)),
      on(call.asyncEnd, (trace: CallTrace) => this.#over(trace)),
      on(batch.start, (trace: BatchTrace) => this.#open.add(trace)),
      on(batch.asyncEnd, (trace: BatchTrace) => this.#done(trace)),
      on(commit.end, (trace: CommitTrace) => this.#committed(trace)),
      on(phase.start, (trace: PhaseTrace) => this.#keep(this.#phases, trace)),
      on(worker.start, (trace: WorkerTrace) => this.#keep(this.#workers, trace)),
    ]
  }

  get trace(): Trace {
    const since = (at: number | undefined) => (at === undefined ? null : at - this.#began)
    return {
      version: 1,
      began: this.#began,
      length: (this.#ended ?? time()) - this.#began,
      node: process.version,
      processors: availableParallelism(),
      jobs: this.#classes,
      methods: [...this.#methods.keys()],
      calls: this.#calls.recorded(),
      batches: [...this.#batches, ...[...this.#open].map((trace) => this.#batch(trace))].sort(
        (a, b) => a.sent - b.sent,
      ),
      workers: this.#workers.map(
        ({ executor, most, worker, started, ready, over }): RecordedWorker => ({
          ...{ executor, most, worker, started: started - this.#began, ready: since(ready), over: since(over) },
        }),
      ),
      commits: this.#commits,
      phases: this.#phases.map(
        ({ job, number, began, over, calls, failed }): RecordedPhase => ({
          ...{ job: this.#numberOf(job), number, began: began - this.#began, over: since(over), calls, failed },
        }),
      ),
      missing: this.#missing,
    }
  }

  stop(): Trace {
    if (this.#ended === undefined) {
      this.#ended = time()
      for (const stop of this.#stops) stop()
    }
    return this.trace
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  #made(trace: CallTrace): void {
    if (this.#calls.length < this.#most && !trace.args.every(canBeKept)) this.#args.set(trace, inShort(trace.args))
  }

  #over(trace: CallTrace): void {
    if (this.#calls.length >= this.#most) {
      this.#missing++
      return
    }
    const args = trace.args.every(canBeKept) ? trace.args : (this.#args.get(trace) ?? '')
    this.#calls.push(trace, this.#numberOf(trace.job), this.#methodOf(trace.method), args)
  }

  #done(trace: BatchTrace): void {
    if (this.#open.delete(trace)) this.#keep(this.#batches, this.#batch(trace))
  }

  #batch({ executor, worker, number, calls, sent, over, bytesOut, bytesIn }: BatchTrace): RecordedBatch {
    const times = { sent: sent - this.#began, over: over === undefined ? null : over - this.#began }
    return { executor, worker, number, calls: calls.length, ...times, bytesOut, bytesIn }
  }

  #committed({ job, began, ended, calls }: CommitTrace): void {
    if (calls === 0) return
    const commit = { job: this.#numberOf(job), began: began - this.#began, ended: ended! - this.#began, calls }
    this.#keep(this.#commits, commit)
  }

  #keep<T>(list: T[], item: T): void {
    if (list.length < this.#most) list.push(item)
  }

  #numberOf(job: object): number {
    let number = this.#jobs.get(job)
    if (number === undefined) {
      number = this.#classes.push(job.constructor.name) - 1
      this.#jobs.set(job, number)
    }
    return number
  }

  #methodOf(name: string): number {
    let number = this.#methods.get(name)
    if (number === undefined) {
      number = this.#methods.size
      this.#methods.set(name, number)
    }
    return number
  }
}

// What will be the same later, and is small.
function canBeKept(arg: unknown): boolean {
  return typeof arg === 'string'
    ? arg.length <= 100
    : (typeof arg !== 'object' || arg === null) && typeof arg !== 'function'
}
