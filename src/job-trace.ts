import type { Call } from './call.js'
import { type CallTrace, type CommitTrace, channels, type PhaseTrace, time } from './channels.js'
import { callOf, isFuture, type Pending } from './future.js'
import type { Phase } from './phase.js'
import { TracedCall } from './traced-call.js'

/** Tells those who listen what becomes of a job's calls, commits and phases. */
export class JobTrace {
  readonly #job: object
  #phases = 0
  #phase: PhaseTrace | undefined

  constructor(job: object) {
    this.#job = job
  }

  /** The time if a call that is about to be made is to be told of. */
  now(): number | undefined {
    return channels.call.hasSubscribers ? time() : undefined
  }

  /** A call has been made, at this time, but has gone nowhere. */
  made(call: Call, args: readonly unknown[], at: number | undefined, { made }: Phase): void {
    if (made === 1) this.#begin(at)
    if (at === undefined) return
    const trace = new TracedCall(
      this.#job,
      call.name,
      call.number,
      this.#phases,
      args,
      inputsOf(call, args),
      at,
      time(),
    )
    call.trace = trace
    channels.call.start.publish(trace)
  }

  /** The program goes on. */
  left({ trace }: Call): void {
    if (trace === undefined) return
    trace.left = time()
    channels.call.end.publish(trace)
  }

  /** It is given to the executor. */
  ready({ trace }: Call): void {
    if (trace?.left !== undefined) trace.ready ??= time()
  }

  /** Calls are about to be committed. */
  committing(): CommitTrace | undefined {
    if (!channels.commit.hasSubscribers) return undefined
    const trace: CommitTrace = { job: this.#job, began: time(), calls: 0 }
    channels.commit.start.publish(trace)
    return trace
  }

  /** So many have been. */
  committed(trace: CommitTrace, calls: number): void {
    trace.ended = time()
    trace.calls = calls
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
    if (!channels.phase.hasSubscribers) return
    this.#phase = { job: this.#job, number: this.#phases, began: at, calls: 0, failed: 0 }
    channels.phase.start.publish(this.#phase)
  }
}

// Those that it waits for, and those among its arguments whose results were there when it was made.
function inputsOf(call: Call, args: readonly unknown[]): readonly CallTrace[] {
  let inputs: readonly Pending[] | undefined = call.waitsFor
  for (const arg of args) {
    if (typeof arg === 'object' && isFuture(arg) && callOf(arg).isCommitted) inputs = [...(inputs ?? NONE), callOf(arg)]
  }
  if (inputs === undefined) return NONE
  return [...new Set(inputs)].flatMap((input) => (input as Partial<Call>).trace ?? [])
}

const NONE: readonly never[] = []
