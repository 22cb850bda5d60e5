import { Call, type CallOwner } from './call.js'
import { type CallSite, CallSites } from './call-site.js'
import { claims } from './claims.js'
import { callerError, collidingChange, hasRead, sharedError, staleError, undeclaredError, writes } from './conflicts.js'
import { Future, type Pending } from './future.js'
import type { MethodEntry } from './metadata.js'
import { type Profile, profileOf } from './profile.js'
import type { Change, Executor, Route } from './protocol.js'
import { Queue } from './queue.js'
import { type Failure, tellAtExit, told } from './untold.js'
import { apply, isIntact } from './values/patch.js'
import { refresh } from './values/refresh.js'
import { type JobOfCall, type Snapshot, snapshotOf, unitOf } from './values/snapshot.js'

/** How far a job has come. */
export interface Progress {
  /** Calls of the present phase that are finished. */
  readonly done: number
  /** Calls of the present phase that have been made. */
  readonly total: number
  /** Calls of the present phase that failed. */
  readonly failed: number
}

// Progress is told at most this often, in ms.
const PROGRESS_EVERY = 50
// Calls that share objects with the first calls of a method wait for these to tell whether it changes them; but from when
// the first began no longer than this, in ms: a few long calls are not to lose their parallel run to it.
const PROBATION = 1000

/** What happens between two synchronization events. */
class Phase {
  readonly failures: unknown[] = []
  made = 0
  done = 0
  /** What the synchronization event that ends the phase throws. */
  failure: Failure | undefined
  /** Shared values that calls were given and that freezing does not wholly protect. */
  readonly shared = new Set<Snapshot>()
}

/**
 * The calls of one job: what each of them waits for, and their commits in the order in which they were made. Where they run
 * is the executor's business.
 */
export class Scheduler implements CallOwner {
  readonly #job: JobOfCall
  readonly #executor: Executor
  readonly #onProgress: ((progress: Progress) => void) | undefined
  // Made and not committed, in program order.
  readonly #calls = new Queue<Call>()
  readonly #sites = new Map<MethodEntry, CallSites>()
  #phase = new Phase()
  #last = this.#phase
  #waiting: (() => void)[] = []
  #number = 0
  #mayBlock = false
  #isMaking = false
  #probation: { ends: number; of: Profile } | undefined
  #toldAt = 0

  constructor(job: JobOfCall, executor: Executor, onProgress?: (progress: Progress) => void) {
    this.#job = job
    this.#executor = executor
    this.#onProgress = onProgress
  }

  /** Number of calls that are not committed. */
  get pending(): number {
    return this.#calls.length
  }

  /** What every failed call of the present or last phase threw, in program order. */
  get failures(): readonly unknown[] {
    return (this.#phase.made > 0 ? this.#phase : this.#last).failures
  }

  /**
   * Makes a call; `above` is the function whose caller's line the call's errors name.
   * @throws {SerializationError} for an argument or a field of the job that cannot cross
   */
  call(method: MethodEntry, route: Route, args: readonly unknown[], above: Function): Future<unknown> {
    const phase = this.#phase
    const snapshot = snapshotOf(this.#job, args, route.name)
    const call = new Call(this, ++this.#number, method, route, snapshot, writes.end, this.#siteOf(method, above))
    phase.made++
    if (phase.failure !== undefined) call.abandon(phase.failure.error)
    else {
      this.#calls.push(call)
      writes.open()
      this.#isMaking = true
      try {
        if (snapshot.waitsFor === undefined) this.#admit(call)
        else this.#await(call, snapshot.waitsFor)
      } finally {
        this.#isMaking = false
      }
    }
    return new Future(call)
  }

  /** Ends the phase once all its calls are committed, and throws the first error of it. */
  async wait(): Promise<void> {
    const phase = this.#phase
    this.awaited()
    while (this.#calls.length > 0 && phase === this.#phase)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    if (phase.shared.size > 0) await new Promise<void>((resolve) => this.#checkShared(phase, resolve))
    this.#finish(phase)
  }

  /** The same, blocking the thread. */
  waitSync(): void {
    const phase = this.#phase
    while (this.#calls.length > 0) this.#block()
    if (phase.shared.size > 0) {
      let isDone = false
      this.#checkShared(phase, () => {
        isDone = true
      })
      while (!isDone) this.#executor.block()
    }
    this.#finish(phase)
  }

  /** Runs code whose reads of pending slots may block the thread, or may not. */
  blocking<T>(mayBlock: boolean, run: () => T): T {
    const before = this.#mayBlock
    this.#mayBlock = mayBlock
    try {
      return run()
    } finally {
      this.#mayBlock = before
    }
  }

  /** Drops every call that is not committed; the next synchronization event throws `reason`. */
  cancel(reason: unknown): void {
    if (this.#calls.length === 0) return
    this.#fail(reason)
    // Whoever cancels a job knows.
    told(this.#phase.failure!)
  }

  // What calls tell.

  began({ method }: Call): void {
    const profile = profileOf(method)
    if (!profile.isUnknown || this.#probation !== undefined) return
    this.#probation = { ends: performance.now() + PROBATION, of: profile }
    setTimeout(() => this.#endProbation(), PROBATION).unref()
  }

  arrived(call: Call): void {
    const profile = profileOf(call.method)
    const wasSuspect = profile.isSuspect
    const [, , patch, reads] = call.outcome!
    profile.learn(call.snapshot, patch)
    if (reads === undefined) profile.giveUpRecording(call.snapshot, call.recorded)
    if (wasSuspect && !profile.isSuspect) this.#acquit(profile)
    this.#commitArrived()
  }

  awaited(): void {
    this.#commitArrived()
    this.#executor.flush()
  }

  waitFor(call: Call): boolean {
    if (!this.#mayBlock) return false
    while (!call.isCancelled) this.#block()
    return true
  }

  advance(): void {
    this.#block()
  }

  told(error: unknown): void {
    for (const { failure } of [this.#phase, this.#last])
      if (failure !== undefined && failure.error === error) told(failure)
  }

  nameOf(target: object): string {
    const field = Object.entries(this.#job.value).find(([, value]) => value === target)
    return field === undefined ? 'the target' : `this.${field[0]}`
  }

  // On its way down: a call leaves unless an earlier one may change what it sees.

  #admit(call: Call): void {
    let isFixed = true
    for (const unit of call.units) {
      if (unit.frozen && unit.graph.unfrozen.length > 0) this.#phase.shared.add(unit)
      isFixed &&= unit.frozen || unit.isBare
    }
    if (isFixed) this.#executor.submit(call)
    else claims.pass(call, profileOf(call.method).isSuspect, () => this.#go(call))
  }

  #go(call: Call, mustBeCurrent = false): void {
    const profile = profileOf(call.method)
    this.#renew(call, mustBeCurrent ? [] : profile.recordedUnits(call.snapshot))
    call.recorded = profile.recordedUnits(call.snapshot)
    this.#executor.submit(call)
  }

  #await(call: Call, results: readonly Pending[]): void {
    let left = results.length
    const onValue = () => {
      if (--left > 0 || call.isCancelled) return
      try {
        call.complete()
        this.#admit(call)
      } catch (error) {
        call.fail(error)
      }
    }
    for (const result of results) result.settled(onValue, (error) => call.fail(error))
  }

  // A method turned out to change nothing: those that waited for its calls go.
  #acquit(profile: Profile): void {
    claims.releaseWhere(({ method }) => profileOf(method) === profile)
  }

  #endProbation(): void {
    if (this.#probation === undefined || performance.now() < this.#probation.ends - 1) return
    const { of } = this.#probation
    this.#probation = undefined
    if (!of.isUnknown) return
    of.assumeNone()
    this.#acquit(of)
  }

  // Brings a call that has not run, or must run again, up to what has been committed; but if only units are stale of which
  // it will be told what the call reads, they may serve as they are, and be the same for many calls.
  #renew(call: Call, recorded: readonly number[]): void {
    if (call.base === writes.end) return
    const changes = writes.since(call.base, call.snapshot).map(({ change }) => change)
    if (changes.length > 0 && changes.every(([, target]) => recorded.includes(unitOf(call.snapshot, target)))) return
    call.base = writes.end
    if (changes.length === 0) return
    call.snapshot = refresh(call.snapshot, changes, this.#job, call.name)
    if (claims.has(call)) claims.claim(call)
  }

  // On its way up: results are committed in the order in which the calls were made.

  #commitArrived(): void {
    const before = this.#calls.length
    while (this.#calls.length > 0) {
      const call = this.#calls.at(0)
      if (call.outcome === undefined) break
      // A producing loop reads its own objects: they do not change under its hands.
      if (this.#isMaking && call.outcome[2].length > 0) {
        queueMicrotask(() => this.#commitArrived())
        break
      }
      if (!this.#commit(call)) break
    }
    if (this.#calls.length === before) return
    this.#tellProgress()
    if (this.#calls.length === 0) this.#wake()
  }

  // `false` if the call must run again first.
  #commit(call: Call): boolean {
    const [threw, value, patch, reads] = call.outcome!
    const stale =
      writes.end > call.base
        ? writes.since(call.base, call.snapshot).find(({ change }) => hasRead(call, reads, change))
        : undefined
    if (stale !== undefined) {
      if (call.method.options.onConflict === 'rerun') {
        call.outcome = undefined
        profileOf(call.method).giveUpRecording(call.snapshot, call.recorded)
        this.#go(call, true)
        this.#executor.flush()
        return false
      }
      this.#fail(staleError(call, stale))
      return true
    }
    const error = patch.length === 0 ? undefined : this.#write(call, patch)
    if (error !== undefined || threw) {
      this.#fail(error ?? value)
      return true
    }
    this.#calls.shift()
    this.#phase.done++
    call.commit(value)
    writes.close()
    claims.release([call])
    return true
  }

  #write(call: Call, patch: readonly Change[]): unknown {
    const undeclared = profileOf(call.method).undeclared(call.snapshot, patch)
    if (undeclared !== undefined) return undeclaredError(call, undeclared)
    const colliding = collidingChange(patch, call.base)
    if (colliding !== undefined) return callerError(call, colliding)
    for (const change of patch) {
      try {
        apply(change)
      } catch {
        // The caller has locked the object since.
        return callerError(call, change)
      }
    }
    writes.add(call, patch)
    return undefined
  }

  // Ends the phase at the first call of the queue: a serial run would not have come further.
  #fail(error: unknown): void {
    const phase = this.#phase
    const calls = this.#calls.take(this.#calls.length)
    phase.failure = { error }
    phase.failures.push(error)
    for (const { outcome } of calls.slice(1)) if (outcome?.[0]) phase.failures.push(outcome[1])
    tellAtExit(phase.failure)
    for (const call of calls) call.abandon(error)
    writes.close(calls.length)
    claims.release(calls)
    this.#wake()
  }

  // Freezing does not reach into typed arrays, Maps and Sets: whether anybody wrote to one that is shared shows afterwards.
  #checkShared(phase: Phase, done: () => void): void {
    const { shared } = phase
    const isWritten = [...shared].some(({ graph }) => !isIntact(graph))
    shared.clear()
    this.#executor.checkShared((error) => {
      if (error !== undefined || isWritten) phase.failure ??= { error: error ?? sharedError() }
      done()
    })
  }

  #finish(phase: Phase): void {
    if (phase === this.#phase && phase.made > 0) {
      this.#last = phase
      this.#phase = new Phase()
    }
    if (phase.failure === undefined) return
    told(phase.failure)
    throw phase.failure.error
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }

  #block(): void {
    this.#commitArrived()
    const head = this.#calls.length > 0 ? this.#calls.at(0) : undefined
    if (head === undefined) return
    // What the first call waits for, if anything, are calls of other jobs.
    const other = head.snapshot.waitsFor?.find(({ isCommitted }) => !isCommitted) ?? claims.blockerOf(head)
    if (other !== undefined) other.advance()
    else this.#executor.block(this.#probation && Math.max(1, this.#probation.ends - performance.now()))
    this.#endProbation()
  }

  #tellProgress(): void {
    const now = performance.now()
    if (this.#onProgress === undefined || (this.#calls.length > 0 && now - this.#toldAt < PROGRESS_EVERY)) return
    this.#toldAt = now
    const { done, made, failures } = this.#phase
    try {
      this.#onProgress({ done, total: made, failed: failures.length })
    } catch (error) {
      // As with any listener: its error is its own, and must not stop the commits under way.
      queueMicrotask(() => {
        throw error
      })
    }
  }

  #siteOf(method: MethodEntry, above: Function): CallSite | undefined {
    let sites = this.#sites.get(method)
    if (sites === undefined) {
      sites = new CallSites()
      this.#sites.set(method, sites)
    }
    return sites.next(above)
  }
}
