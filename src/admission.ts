import type { Call } from './call.js'
import { claims } from './claims.js'
import { passedOnError } from './conflicts.js'
import type { Pending } from './future.js'
import type { JobMethod } from './job-method.js'
import { changedByCaller } from './origin.js'
import type { Profile } from './profile.js'
import type { Executor } from './protocol.js'
import { refresh } from './values/refresh.js'
import { type CrossingOptions, type JobOfCall, type Snapshot, unitOf } from './values/snapshot.js'
import { type Written, writes } from './write-log.js'

/** What becomes of the calls that are admitted. */
export interface AdmissionOwner {
  /** Gives a call to the executor. */
  submit(call: Call): void
  /** Calls see these shared units, which nothing keeps them from writing to. */
  give(units: readonly Snapshot[]): void
}

/** A job's calls on their way down: each leaves for the executor unless an earlier one may change what it sees. */
export class Admission {
  readonly #job: JobOfCall
  readonly #crossings: readonly CrossingOptions[]
  readonly #owner: AdmissionOwner

  constructor(job: JobOfCall, executor: Executor, owner: AdmissionOwner) {
    this.#job = job
    this.#crossings = crossingsTo(executor)
    this.#owner = owner
  }

  /** How what the calls of a method see crosses. A call that may run again needs then what was moved to it. */
  crossing({ entry }: JobMethod): CrossingOptions {
    const { onConflict, retries = 0 } = entry.options
    return this.#crossings[onConflict === 'rerun' || retries > 0 ? 1 : 0]!
  }

  /** Lets a new call go, at once or as soon as it may. */
  take(call: Call): void {
    const { waitsFor } = call
    if (waitsFor === undefined) this.#admit(call)
    else this.#await(call, waitsFor)
  }

  /** Lets a call go once more, with all that has been written meanwhile. */
  again(call: Call): void {
    this.#go(call, true)
  }

  #admit(call: Call): void {
    const { unprotected, isFixed } = call.snapshot
    if (unprotected.length > 0) this.#owner.give(unprotected)
    if (isFixed) this.#owner.submit(call)
    else claims.pass(call, call.method.profile.isSuspect, () => this.#go(call))
  }

  #go(call: Call, mustBeCurrent = false): void {
    const { profile } = call.method
    try {
      this.#renew(call, mustBeCurrent ? [] : profile.recordedUnits(call.snapshot))
    } catch (error) {
      call.fail(error)
      return
    }
    call.recorded = profile.recordedUnits(call.snapshot)
    this.#owner.submit(call)
  }

  #await(call: Call, results: readonly Pending[]): void {
    let left = results.length
    const onValue = (result: Pending) => {
      if (call.hasArrived || call.isCancelled) return
      try {
        call.take(result)
        if (--left > 0) return
        this.#bringUp(call, call.complete())
        this.#admit(call)
      } catch (error) {
        call.fail(error)
      }
    }
    for (const result of results)
      result.settled(
        () => onValue(result),
        (error) => call.fail(error),
      )
  }

  // Brings a call that has not run, or must run again, up to what has been committed; but if only units are stale of which
  // it will be told what the call reads, they may serve as they are, and be the same for many calls.
  #renew(call: Call, recorded: readonly number[]): void {
    if (call.base === writes.end) return
    const written = writes.since(call.base, call.snapshot)
    const isRecorded = ({ change }: Written) => recorded.includes(unitOf(call.snapshot, change[1]))
    if (written.length === 0 || !written.every(isRecorded)) this.#bringUp(call, written)
  }

  // Has a call see what others have written.
  #bringUp(call: Call, written: readonly Written[]): void {
    call.base = writes.end
    if (written.length === 0) return
    const isExact = (object: object) => unitOf(call.snapshot, object) !== -1
    for (const { change, writer } of written) {
      const { origin } = writer
      const changed = origin && changedByCaller([change[2], change[3]], origin, isExact)
      if (changed !== undefined) throw passedOnError(call, { ...writer, snapshot: origin!.snapshot }, changed)
    }
    const changes = written.map(({ change }) => change)
    call.snapshot = refresh(call.snapshot, changes, this.#job, call.name, this.crossing(call.method))
    if (claims.has(call)) claims.claim(call)
  }
}

/** A method turned out to change nothing: those that waited for its calls go. */
export function acquit(profile: Profile): void {
  claims.releaseWhere(({ method }) => method.profile === profile)
}

const HERE: readonly CrossingOptions[] = [{ moving: 'go' }, { moving: 'kept' }]

function crossingsTo({ isApart, longest }: Executor): readonly CrossingOptions[] {
  if (isApart !== true) return HERE
  return HERE.map((options) => ({ ...options, apart: true, ...(longest !== undefined && { longest }) }))
}
