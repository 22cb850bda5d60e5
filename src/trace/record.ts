import { availableParallelism } from 'node:os'
import type { CallTable } from '../call-table.js'
import { type BatchTrace, type CommitTrace, living, type PhaseTrace, type WorkerTrace } from '../channels.js'
import { time } from '../clock.js'
import { recordTo } from '../recorders.js'
import { Places } from './places.js'
import { recordedCalls, type TakenTable } from './recorded-calls.js'
import type { RecordedBatch, RecordedCommit, RecordedPhase, RecordedWorker, Trace } from './trace.js'

/** Options of a recording. */
export interface RecordOptions {
  /** How many calls are kept, and as many batches and commits. What comes later is only counted. Default: 1,000,000: some 200 MB, and twice that when they are read. */
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
  return new RunRecorder(calls)
}

class RunRecorder implements Recording {
  readonly #most: number
  readonly #began = time()
  #ended: number | undefined
  // What has been recorded, once it has ended and somebody has asked.
  #trace: Trace | undefined
  readonly #tables: TakenTable[] = []
  // How many calls there are in all tables, those for which there was no room as well.
  readonly #counts: { readonly filled: CallTable['filled']; readonly from: number }[] = []
  #made = 0
  readonly #batches: RecordedBatch[] = []
  // Batches that are under way: they hold their calls, and those what they were given.
  readonly #open = new Set<BatchTrace>()
  readonly #workers: WorkerTrace[] = [...living]
  readonly #commits: CommitTrace[] = []
  readonly #phases: PhaseTrace[] = []
  readonly #stop: () => void

  constructor(most: number) {
    this.#most = most
    this.#stop = recordTo({
      table: (table, from) => this.#take(table, from),
      batchSent: (batch) => this.#open.add(batch),
      batchOver: (batch) => this.#done(batch),
      committed: (commit) => commit.calls > 0 && this.#keep(this.#commits, commit),
      phaseBegan: (phase) => this.#keep(this.#phases, phase),
      workerStarted: (worker) => this.#keep(this.#workers, worker),
    })
  }

  get trace(): Trace {
    if (this.#ended === undefined) return this.#until(time())
    if (this.#trace === undefined) {
      this.#trace = this.#until(this.#ended)
      this.#tables.length = 0
    }
    return this.#trace
  }

  stop(): Trace {
    this[Symbol.dispose]()
    return this.trace
  }

  [Symbol.dispose](): void {
    if (this.#ended !== undefined) return
    this.#ended = time()
    this.#made = this.#madeSoFar
    this.#stop()
  }

  #take(table: CallTable, from: number): void {
    if (this.#madeSoFar < this.#most) this.#tables.push({ table, from })
    this.#counts.push({ filled: table.filled, from })
  }

  get #madeSoFar(): number {
    let made = 0
    for (const { filled, from } of this.#counts) made += filled.rows - from
    return made
  }

  #until(ended: number): Trace {
    const began = this.#began
    const since = (at: number | undefined) => (at === undefined || at > ended ? null : at - began)
    const jobs = new Places<object>()
    const methods = new Places<string>()
    const calls = recordedCalls(this.#tables, this.#most, began, ended, jobs, methods)
    const commits = this.#commits.map(
      ({ job, began: at, ended, calls }): RecordedCommit => ({
        ...{ job: jobs.of(job), began: at - began, ended: ended! - began, calls },
      }),
    )
    const phases = this.#phases.map(
      ({ job, number, began: at, over, calls, failed }): RecordedPhase => ({
        ...{ job: jobs.of(job), number, began: at - began, over: since(over), calls, failed },
      }),
    )
    return {
      version: 1,
      began,
      length: ended - began,
      node: process.version,
      processors: availableParallelism(),
      jobs: jobs.all.map((job) => job.constructor.name),
      methods: methods.all,
      calls,
      batches: [...this.#batches, ...[...this.#open].map((trace) => this.#batch(trace, ended))].sort(
        (a, b) => a.sent - b.sent,
      ),
      workers: this.#workers.map(
        ({ executor, most, worker, started, ready, over }): RecordedWorker => ({
          ...{ executor, most, worker, started: started - began, ready: since(ready), over: since(over) },
        }),
      ),
      commits,
      phases,
      missing: Math.max(0, (this.#ended === undefined ? this.#madeSoFar : this.#made) - this.#most),
    }
  }

  #done(trace: BatchTrace): void {
    if (this.#open.delete(trace)) this.#keep(this.#batches, this.#batch(trace))
  }

  #batch(batch: BatchTrace, until = Number.POSITIVE_INFINITY): RecordedBatch {
    const { executor, worker, number, calls, sent, over = Number.POSITIVE_INFINITY, bytesOut, bytesIn } = batch
    const times = { sent: sent - this.#began, over: over < until ? over - this.#began : null }
    return { executor, worker, number, calls: calls.length, ...times, bytesOut, bytesIn }
  }

  #keep<T>(list: T[], item: T): void {
    if (list.length < this.#most) list.push(item)
  }
}
