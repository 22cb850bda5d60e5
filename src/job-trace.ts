import type { Call } from './call.js'
import { type CallTrace, type CommitTrace, channels, type PhaseTrace } from './channels.js'
import { time } from './clock.js'
import { callOf, isFuture, type Pending } from './future.js'
import type { Phase } from './phase.js'
import { isRecorded, recorders } from './recorders.js'
import { reportClock } from './report-clock.js'
import { TracedCall } from './traced-call.js'

// Calls of a phase that are being committed.
interface Commit {
  readonly trace: CommitTrace
  readonly phase: Phase
  readonly before: number
  depth: number
}

/** Tells those who listen what becomes of a job's calls, commits and phases. */
export class JobTrace {
  readonly #job: object
  #phases = 0
  #phase: PhaseTrace | undefined
  // The commits that are being made.
  #commit: Commit | undefined

  constructor(job: object) {
    this.#job = job
  }

  /** A call is being made: what is told of it, if anybody listens. */
  making(method: string, args: readonly unknown[]): TracedCall | undefined {
    return isRecorded() || channels.call.hasSubscribers ? new TracedCall(this.#job, method, args) : undefined
  }

  /** It has been made, but has gone nowhere. */
  made(call: Call, args: readonly unknown[], { made }: Phase): void {
    const { trace } = call
    if (made === 1) this.#begin(trace?.made)
    if (trace === undefined) return
    trace.begin(call.number, this.#phases, inputsOf(call, args))
    channels.call.start.publish(trace)
  }

  /** The program goes on. */
  left({ trace }: Call): void {
    if (trace === undefined) return
    trace.leave()
    channels.call.end.publish(trace)
  }

  /** It is given to the executor. */
  ready({ trace }: Call): void {
    if (trace?.left !== undefined) trace.ready ??= time()
  }

  /** Calls are about to be committed; what is to be given back when they are, if that is told. */
  committing(phase: Phase): Commit | undefined {
    if (this.#commit !== undefined && this.#commit.phase !== phase) this.#endCommit(time())
    if (this.#commit === undefined) {
      if (!isRecorded() && !channels.commit.hasSubscribers) return undefined
      const trace: CommitTrace = { job: this.#job, began: reportClock.time(true), calls: 0 }
      this.#commit = { trace, phase, before: phase.done, depth: 0 }
      channels.commit.start.publish(trace)
      // What else is in the report may be committed right after.
      if (reportClock.isOn) reportClock.atEnd(this.#endCommit)
    }
    this.#commit.depth++
    return this.#commit
  }

  /** They have been. */
  committed(commit: Commit): void {
    if (--commit.depth === 0 && commit === this.#commit && !reportClock.isOn) this.#endCommit(time())
  }

  readonly #endCommit = (now: number): void => {
    if (this.#commit === undefined) return
    const { trace, phase, before } = this.#commit
    this.#commit = undefined
    trace.ended = now
    trace.calls = phase.done - before
    for (const recorder of recorders.all) recorder.committed(trace)
    channels.commit.end.publish(trace)
  }

  /** The synchronization event is there. */
  ended({ made, failures, failure }: Phase): void {
    const trace = this.#phase
    if (trace === undefined) return
    this.#phase = undefined
    trace.over = time()
    trace.calls = made
    trace.failed = failures.length
    if (failure !== undefined) {
      trace.error = failure.error
      channels.phase.error.publish(trace as PhaseTrace & { error: unknown })
    }
    channels.phase.asyncEnd.publish(trace)
  }

  #begin(at = time()): void {
    this.#phases++
    this.#phase = undefined
    if (!isRecorded() && !channels.phase.hasSubscribers) return
    this.#phase = { job: this.#job, number: this.#phases, began: at, calls: 0, failed: 0 }
    for (const recorder of recorders.all) recorder.phaseBegan(this.#phase)
    channels.phase.start.publish(this.#phase)
  }
}

// Those that it waits for, and those among its arguments whose results were there when it was made.
function inputsOf(call: Call, args: readonly unknown[]): readonly CallTrace[] {
  let inputs: readonly Pending[] | undefined = call.waitsFor
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (typeof arg === 'object' && isFuture(arg) && callOf(arg).isCommitted) inputs = [...(inputs ?? NONE), callOf(arg)]
  }
  return inputs === undefined ? NONE : tracesOf(inputs)
}

function tracesOf(inputs: readonly Pending[]): readonly CallTrace[] {
  return [...new Set(inputs)].flatMap((input) => (input as Partial<Call>).trace ?? [])
}

const NONE: readonly never[] = []
