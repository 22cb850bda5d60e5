import type { Call } from './call.js'
import { type CallTrace, type CommitTrace, channels, type PhaseTrace, time } from './channels.js'
import type { Phase } from './phase.js'

/** Tells those who listen what becomes of a job's calls, commits and phases. */
export class JobTrace {
  readonly #job: object
  readonly #isTold: boolean
  #phases = 0
  #phase: PhaseTrace | undefined

  /** `isTold`: whether there is anything to tell, as there is of all jobs but those that no program has made. */
  constructor(job: object, isTold: boolean) {
    this.#job = job
    this.#isTold = isTold
  }

  /** A call has been made, but has gone nowhere. */
  made(call: Call, args: readonly unknown[], { made }: Phase): void {
    if (made === 1) this.#begin()
    if (!channels.call.hasSubscribers || !this.#isTold) return
    const trace: CallTrace = {
      job: this.#job,
      method: call.name,
      number: call.number,
      phase: this.#phases,
      args,
      inputs: inputsOf(call),
      made: time(),
      reruns: 0,
    }
    call.trace = trace
    channels.call.start.publish(trace)
  }

  /** It has left, or waits for others. */
  left({ trace }: Call): void {
    if (trace !== undefined) channels.call.end.publish(trace)
  }

  /** Calls are about to be committed. */
  committing(): CommitTrace | undefined {
    if (!channels.commit.hasSubscribers || !this.#isTold) return undefined
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

  #begin(): void {
    this.#phases++
    this.#phase = undefined
    if (!channels.phase.hasSubscribers || !this.#isTold) return
    this.#phase = { job: this.#job, number: this.#phases, began: time(), calls: 0, failed: 0 }
    channels.phase.start.publish(this.#phase)
  }
}

function inputsOf({ waitsFor }: Call): readonly CallTrace[] {
  if (waitsFor === undefined) return []
  return waitsFor.flatMap((call) => (call as Partial<Call>).trace ?? [])
}
