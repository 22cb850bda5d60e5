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
import { inShort } from './in-short.js'
import type { RecordedBatch, RecordedCall, RecordedCommit, RecordedPhase, RecordedWorker, Trace } from './trace.js'

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
  readonly #calls: RecordedCall[] = []
  readonly #batches: BatchTrace[] = []
  readonly #workers: WorkerTrace[] = [...living]
  readonly #commits: RecordedCommit[] = []
  readonly #phases: PhaseTrace[] = []
  // Arguments that may change before the call is over, as they were when it was made.
  readonly #args = new WeakMap<CallTrace, string>()
  readonly #stops: readonly (() => void)[]

  constructor(most: number) {
    this.#most = most
    const on = <T>(channel: Channel, take: (trace: T) => void) => {
      const listener = take as ChannelListener
      channel.subscribe(listener)
      return () => channel.unsubscribe(listener)
    }
    const { call, batch, commit, phase, worker } = channels
    this.#stops = [
      on(call.start, (trace: CallTrace) => this.#made(trace)),
      on(call.asyncEnd, (trace: CallTrace) => this.#over(trace)),
      on(batch.start, (trace: BatchTrace) => this.#keep(this.#batches, trace)),
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
      calls: this.#calls,
      batches: this.#batches.map(
        ({ executor, worker, number, calls, sent, over, bytesOut, bytesIn }): RecordedBatch => ({
          ...{ executor, worker, number, calls: calls.length, sent: sent - this.#began, over: since(over) },
          ...{ bytesOut, bytesIn },
        }),
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
    if (this.#calls.length < this.#most && trace.args.some((arg) => typeof arg === 'object'))
      this.#args.set(trace, inShort(trace.args))
  }

  #over(trace: CallTrace): void {
    if (this.#calls.length >= this.#most) {
      this.#missing++
      return
    }
    const { number, phase, inputs, worker, batch, reruns, outcome, error } = trace
    const began = this.#began
    this.#calls.push({
      job: this.#numberOf(trace.job),
      method: this.#methodOf(trace.method),
      number,
      phase,
      args: this.#args.get(trace) ?? inShort(trace.args),
      inputs: inputs.length === 0 ? NONE : inputs.map(({ number }) => number),
      made: trace.made - began,
      copied: trace.copied - began,
      left: (trace.left ?? trace.made) - began,
      ready: (trace.ready ?? trace.made) - began,
      worker: worker ?? null,
      batch: batch ?? null,
      began: trace.began === undefined ? null : trace.began - began,
      ended: trace.ended === undefined ? null : trace.ended - began,
      arrived: trace.arrived === undefined ? null : trace.arrived - began,
      over: trace.over! - began,
      outcome: outcome!,
      ...{ bytesOut: trace.bytesOut, bytesIn: trace.bytesIn, reruns },
      stale: trace.stale?.map((run) => ({ ...run, began: run.began - began, ended: run.ended - began })) ?? NONE,
      error: outcome === 'failed' ? String(error) : null,
    })
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

const NONE: readonly never[] = []
