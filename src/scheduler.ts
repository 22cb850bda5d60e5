import { Admission, acquit } from './admission.js'
import { Call, type CallOwner } from './call.js'
import { callerKeys } from './caller-keys.js'
import { claims } from './claims.js'
import { staleError } from './conflicts.js'
import { Future } from './future.js'
import type { JobMethod } from './job-method.js'
import type { JobTrace } from './job-trace.js'
import { Phase } from './phase.js'
import { Probation } from './probation.js'
import type { ProgressTeller } from './progress-teller.js'
import type { Executor } from './protocol.js'
import { Queue } from './queue.js'
import { hasContents } from './target.js'
import { told } from './untold.js'
import { hiddenIn, type JobOfCall, snapshotOf } from './values/snapshot.js'
import { Waiters } from './waiters.js'
import { staleRead, writeBack } from './write-back.js'
import { writes } from './write-log.js'

/**
 * The calls of one job: what each of them waits for, and their commits in the order in which they were made. Where they run
 * is the executor's business.
 */
export class Scheduler implements CallOwner {
  readonly #job: JobOfCall
  #executor: Executor
  readonly #admission: Admission
  // Who tells of progress, where somebody listens.
  #progress: ProgressTeller | undefined
  // Made and not committed, in program order.
  readonly #calls = new Queue<Call>()
  readonly #trace: JobTrace | undefined
  readonly #probation = new Probation(acquit)
  #phase = new Phase()
  #last = this.#phase
  readonly #waiting = new Waiters()
  readonly #waitingForRoom = new Waiters()
  #number = 0
  #mayBlock = false
  #mayHaveMissed = false
  #isMaking = false

  /** What becomes of its calls is told over `trace`, if there is one. */
  constructor(job: JobOfCall, executor: Executor, trace?: JobTrace) {
    this.#job = job
    this.#trace = trace
    this.#executor = executor
    this.#admission = new Admission(job, executor, {
      submit: (call) => this.#submit(call),
      give: (units) => this.#phase.give(units),
    })
  }

  /** Has all further calls go through another executor, made from the present one. */
  through(make: (executor: Executor) => Executor): void {
    this.#executor = make(this.#executor)
  }

  /** Has progress told from now on, or no more. */
  tellProgress(teller: ProgressTeller | undefined): void {
    if (teller === this.#progress) return
    this.#progress = teller
    if (teller === undefined || this.#calls.length === 0) return
    teller.follow(this.#phase)
    for (let i = 0; i < this.#calls.length; i++) if (this.#calls.at(i).hasArrived) teller.arrived(this.#calls.at(i))
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
  call(method: JobMethod, args: readonly unknown[], above: Function): Future<unknown> {
    callerKeys.forget()
    if (this.#mayBlock) while (!this.#hasRoom) this.#block()
    const phase = this.#phase
    const trace = this.#trace?.making(method.route.name, args)
    // Hidden properties of the job are looked for at the first of the pending calls; what the others miss, the last one finds.
    const wholly = this.#calls.length === 0
    const snapshot = snapshotOf(this.#job, args, method.route.name, wholly, this.#admission.crossing(method))
    this.#mayHaveMissed = !wholly
    const call = new Call(this, ++this.#number, method, args, snapshot, writes.end, method.siteOf(above))
    phase.made++
    call.trace = trace
    this.#trace?.made(call, args, phase)
    if (wholly) this.#progress?.follow(phase)
    if (phase.failure !== undefined) call.abandon(phase.failure.error)
    else {
      this.#calls.push(call)
      if (hasContents) call.mayChange(method.profile.changeable(snapshot))
      writes.open()
      this.#isMaking = true
      try {
        this.#admission.take(call)
      } finally {
        this.#isMaking = false
      }
    }
    this.#trace?.left(call)
    return new Future(call)
  }

  /** Waits until another call may be made without too many being pending. */
  async room(): Promise<void> {
    if (this.#hasRoom) return
    this.awaited()
    while (!this.#hasRoom) await this.#waitingForRoom.wait()
  }

  /** Ends the phase once all its calls are committed, and throws the first error of it. */
  async wait(): Promise<void> {
    const phase = this.#phase
    this.awaited()
    do {
      while (this.#calls.length > 0 && phase === this.#phase) await this.#waiting.wait()
      if (phase.mustCheckShared) await new Promise<void>((resolve) => phase.checkShared(this.#executor, resolve))
      // Others may have made calls meanwhile.
    } while (this.#calls.length > 0 && phase === this.#phase)
    this.#finish(phase)
  }

  /** The same, blocking the thread. */
  waitSync(): void {
    const phase = this.#phase
    while (this.#calls.length > 0) this.#block()
    callerKeys.forget()
    if (phase.mustCheckShared) {
      let isDone = false
      phase.checkShared(this.#executor, () => {
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
    this.#phase.isCancelled = true
    this.#fail(reason, true)
    // Whoever cancels a job knows.
    told(this.#phase.failure!)
  }

  #submit(call: Call): void {
    this.#trace?.ready(call)
    this.#executor.submit(call)
  }

  // What calls tell.

  began({ method: { profile } }: Call): void {
    if (profile.isUnknown) this.#probation.begin(profile)
  }

  arrived(call: Call): void {
    this.#progress?.arrived(call)
    const { profile } = call.method
    if (profile.isUnknown || !call.hasReturned) {
      const wasSuspect = profile.isSuspect
      const [, , patch, reads] = call.outcome
      profile.learn(call.snapshot, patch)
      if (reads === undefined) profile.giveUpRecording(call.snapshot, call.recorded)
      if (wasSuspect && !profile.isSuspect) acquit(profile)
    }
    this.#commitArrived()
  }

  progressed(call: Call, fraction: number): void {
    this.#progress?.step(this.#phase, call, fraction)
  }

  awaited(): void {
    this.#commitArrived()
    this.#executor.flush()
  }

  waitFor(call: Call): boolean {
    if (!this.#mayBlock) return false
    while (!call.isCancelled) this.#block()
    callerKeys.forget()
    return true
  }

  advance(): void {
    this.#block()
  }

  told(error: unknown): void {
    this.#phase.told(error)
    this.#last.told(error)
  }

  nameOf(target: object): string {
    const field = Object.entries(this.#job.value).find(([, value]) => value === target)
    return field === undefined ? 'the target' : `this.${field[0]}`
  }

  // On its way up: results are committed in the order in which the calls were made.

  #commitArrived(): void {
    const before = this.#calls.length
    if (before === 0 || !this.#calls.at(0).hasArrived) return
    const told = this.#trace?.committing(this.#phase)
    while (this.#calls.length > 0) {
      const call = this.#calls.at(0)
      if (!call.hasArrived) break
      // A producing loop reads its own objects: they do not change under its hands.
      if (this.#isMaking && !call.hasReturned && call.outcome[2].length > 0) {
        this.#commitSoon()
        break
      }
      if (!this.#commit(call)) break
    }
    if (told !== undefined) this.#trace!.committed(told)
    if (this.#calls.length === before) return
    this.#progress?.look(this.#phase)
    if (this.#calls.length === 0) this.#wake()
    else if (this.#waitingForRoom.any && this.#hasRoom) this.#waitingForRoom.wake()
  }

  // By itself, since a function that makes another one is dearer to call.
  #commitSoon(): void {
    queueMicrotask(() => this.#commitArrived())
  }

  // `false` if the call must run again first.
  #commit(call: Call): boolean {
    const hidden = this.#mayHaveMissed && this.#calls.length === 1 ? hiddenIn(this.#job, call.name) : undefined
    if (hidden !== undefined) {
      this.#fail(hidden)
      return true
    }
    const stale = staleRead(call)
    if (stale !== undefined) {
      if (call.method.entry.options.onConflict !== 'rerun') {
        this.#fail(staleError(call, stale))
        return true
      }
      call.reopen()
      this.#progress?.reopened()
      call.method.profile.giveUpRecording(call.snapshot, call.recorded)
      this.#admission.again(call)
      this.#executor.flush()
      return false
    }
    if (!call.hasReturned) {
      const [threw, value, patch] = call.outcome
      const error = patch.length === 0 ? undefined : writeBack(call, patch)
      if (error !== undefined || threw) {
        this.#fail(error ?? value)
        return true
      }
    }
    this.#calls.shift()
    this.#phase.done++
    call.commit()
    writes.close()
    if (!claims.isEmpty) claims.release([call])
    return true
  }

  // Ends the phase at the first call of the queue: a serial run would not have come further.
  #fail(error: unknown, isCancelled = false): void {
    const calls = this.#calls.take(this.#calls.length)
    const later = calls.slice(1).flatMap((call) => {
      const [threw, thrown] = call.hasArrived ? call.outcome : NOTHING
      return threw ? [thrown] : []
    })
    this.#phase.fail([error, ...later])
    for (const [i, call] of calls.entries()) call.abandon(error, i === 0 && !isCancelled)
    this.#executor.cancelled?.()
    writes.close(calls.length)
    claims.release(calls)
    this.#wake()
  }

  #finish(phase: Phase): void {
    if (phase === this.#phase && phase.made > 0) {
      this.#last = phase
      this.#phase = new Phase()
      this.#trace?.ended(phase)
      this.#progress?.end(phase)
    }
    phase.end()
  }

  #wake(): void {
    this.#waiting.wake()
    this.#waitingForRoom.wake()
  }

  get #hasRoom(): boolean {
    const { maxPending } = this.#executor
    return maxPending === undefined || this.#calls.length < maxPending
  }

  #block(): void {
    this.#commitArrived()
    if (this.#calls.length === 0) return
    // What the first call waits for, if anything, are calls of other jobs.
    const head = this.#calls.at(0)
    const other = head.waitsFor?.find(({ isCommitted }) => !isCommitted) ?? claims.blockerOf(head)
    if (other !== undefined) other.advance()
    else this.#executor.block(this.#patience)
    this.#probation.check()
  }

  // How long the thread may be blocked, in ms.
  get #patience(): number | undefined {
    const { left } = this.#probation
    if (this.#progress === undefined) return left
    return Math.min(left ?? Number.POSITIVE_INFINITY, this.#progress.lookBlocked(this.#phase))
  }
}

const NOTHING: readonly [threw: boolean, value: unknown] = [false, undefined]
