import { PendingReadError } from '../../errors.js'
import { callOf, Future, isFuture } from '../../future.js'
import type { JobMethod } from '../../job-method.js'
import { Phase } from '../../phase.js'
import type { CallScheduler } from '../../schedulers.js'
import { behind, contentOf, hasContents, isTarget } from '../../target.js'
import { told } from '../../untold.js'
import { putInPlace } from '../../values/encoder.js'
import { isShared } from '../../values/shared.js'
import type { JobOfCall } from '../../values/snapshot.js'
import { clarified } from '../../worker/clarified.js'
import { runAsCall } from '../../worker/context.js'
import type { Access, CallStrand, Shadow } from './place.js'
import { SerialCall, type SerialOwner } from './serial-call.js'
import { Strand } from './strand.js'

/** Who watches what calls do. */
export interface Watch {
  /** Ticks: whatever happens has a time of its own. */
  tick(): number
  /** Runs a call's method on what it is to see. */
  run(strand: CallStrand, invoke: (show: Show) => unknown): unknown
  /** A call goes on, or begins, while its caller does: these are the objects that it can reach. */
  underWay(strand: CallStrand, objects: Iterable<unknown>): void
  /** Calls are committed, the first of them up to this one. */
  committed(isLast: boolean): void
  /** Nothing counts from here: a serial run would not have come so far. */
  skip(isSkipping: boolean): void
  /** Looks at the caller's objects without being noticed. */
  unseen<T>(look: () => T): T
}

/** A value as the call is to see it; `root` is the parameter. */
export type Show = (value: unknown, root: string) => unknown

/**
 * The calls of one job, each run at once, in its caller's place and on its caller's objects. What its caller may know of it is as
 * always: the result is a Future until the next synchronization event.
 */
export class SerialCalls implements CallScheduler, SerialOwner {
  readonly #job: JobOfCall
  readonly #watch: Watch
  // Made and not committed.
  #calls: SerialCall[] = []
  #running: Promise<void> | undefined
  #phase = new Phase()
  #last = this.#phase
  #number = 0
  #mayBlock = false

  constructor(job: JobOfCall, watch: Watch) {
    this.#job = job
    this.#watch = watch
  }

  get pending(): number {
    return this.#calls.length
  }

  get failures(): readonly unknown[] {
    return (this.#phase.made > 0 ? this.#phase : this.#last).failures
  }

  call(method: JobMethod, args: readonly unknown[]): Future<unknown> {
    const { entry, route } = method
    const isRerun = entry.options.onConflict === 'rerun'
    const strand = new Strand<Access, Shadow>(
      this.#job.value,
      ++this.#number,
      route.name,
      args,
      isRerun,
      this.#watch.tick(),
    )
    const call = new SerialCall(this, strand)
    this.#phase.made++
    if (this.#phase.failure !== undefined) {
      call.fail(this.#phase.failure.error)
      return new Future(call)
    }
    this.#calls.push(call)
    const seen = new Set<unknown>()
    const waitsFor = this.#watch.unseen(() => this.#look(args, method, call, seen))
    this.#next(() => {
      const failed = waitsFor.find((other) => !other.hasResult)
      if (failed === undefined) return this.#run(call, method, args)
      this.#fail(failed.result)
      return undefined
    })
    if (!call.hasResult && !call.isOver) this.#watch.underWay(strand, seen)
    return new Future(call)
  }

  async room(): Promise<void> {}

  async wait(): Promise<void> {
    const phase = this.#phase
    while (this.#running !== undefined) await this.#running
    this.#finish(phase)
  }

  waitSync(): void {
    this.#mustNotRun()
    this.#finish(this.#phase)
  }

  blocking<T>(mayBlock: boolean, run: () => T): T {
    const before = this.#mayBlock
    this.#mayBlock = mayBlock
    try {
      return run()
    } finally {
      this.#mayBlock = before
    }
  }

  through(): void {}

  tellProgress(): void {}

  cancel(reason: unknown): void {
    if (this.#calls.length === 0) return
    this.#fail(reason)
    told(this.#phase.failure!)
  }

  // What calls ask for.

  waitFor(call: SerialCall): boolean {
    if (!this.#mayBlock) return false
    this.#mustNotRun()
    this.commit(call)
    return true
  }

  /** Commits the calls up to one, or all. */
  commit(upTo?: SerialCall): void {
    if (upTo !== undefined && !this.#calls.includes(upTo)) return
    const end = upTo === undefined ? this.#calls.length : this.#calls.indexOf(upTo) + 1
    if (end === 0) return
    this.#watch.committed(end === this.#calls.length)
    const time = this.#watch.tick()
    for (const call of this.#calls.splice(0, end)) {
      call.strand.committed = time
      call.commit()
      this.#phase.done++
    }
  }

  commitSoon(call: SerialCall): void {
    queueMicrotask(() => {
      if (this.#running === undefined) this.commit(call)
      else void this.#running.then(() => this.commitSoon(call))
    })
  }

  told(error: unknown): void {
    this.#phase.told(error)
    this.#last.told(error)
  }

  advance(): void {
    this.#mustNotRun()
    this.commit()
  }

  nameOf(target: object): string {
    const field = Object.entries(this.#job.value).find(([, value]) => value === target)
    return field === undefined ? 'the target' : `this.${field[0]}`
  }

  // Calls are run one after the other: one that is async is waited for.
  #next(begin: () => Promise<void> | undefined): void {
    const running = this.#running === undefined ? begin() : this.#running.then(begin)
    if (running === undefined) return
    const last = running.then(() => {
      if (this.#running === last) this.#running = undefined
    })
    this.#running = last
  }

  #run(call: SerialCall, { entry, route }: JobMethod, args: readonly unknown[]): Promise<void> | undefined {
    // One that came before it has failed since.
    if (call.isOver) return undefined
    const fail = (error: unknown) => this.#fail(clarified(route.name, error))
    let result: unknown
    try {
      result = this.#watch.run(call.strand, (show) => {
        const shown = args.map((arg, i) => show(valueOf(arg), `argument ${i}`))
        return runAsCall(entry.run, show(this.#job.value, 'this') as object, shown)
      })
    } catch (error) {
      fail(error)
      return undefined
    }
    if (result instanceof Promise) return result.then((value) => call.arrive(value), fail)
    call.arrive(result)
    return undefined
  }

  // Finds Futures in what a call is given, and puts their values in their places; tracked objects that it may change; and all that
  // it can see.
  #look(args: readonly unknown[], { profile }: JobMethod, call: SerialCall, seen: Set<unknown>): readonly SerialCall[] {
    const waitsFor: SerialCall[] = []
    const contents = new Set<object>()
    const visit = (value: unknown, isOfJob: boolean, holder?: object, key?: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      if (isFuture(value)) {
        const other = callOf(value)
        if (other instanceof SerialCall) {
          waitsFor.push(other)
          call.strand.takesFrom(other.strand)
        }
        if (holder !== undefined) putInPlace(holder, key, value, other.result)
        return
      }
      // Targets of the job stay with it.
      if (isOfJob && isTarget(value)) return
      const held = behind(value)?.held ?? value
      if (seen.has(held)) return
      seen.add(held)
      if (hasContents && contentOf(held) !== undefined) contents.add(held)
      if (ArrayBuffer.isView(held) || isShared(held)) return
      const within = isOfJob || held === this.#job.value
      if (held instanceof Map) for (const [at, item] of entriesOf.call(held)) visit(item, within, held, at)
      else if (held instanceof Set) for (const item of membersOf.call(held)) visit(item, within)
      else for (const at of keysOf(held)) visit((held as Record<string, unknown>)[at], within, held, at)
    }
    visit(this.#job.value, true)
    for (const arg of args) visit(arg, false)
    if (contents.size > 0 && profile.isSuspect) call.mayChange(contents)
    return waitsFor
  }

  // Calls that come later are dropped: a serial run would not have come to them.
  #fail(error: unknown): void {
    if (this.#phase.failure !== undefined) return
    const calls = this.#calls
    this.#calls = []
    this.#phase.fail([error])
    const time = this.#watch.tick()
    this.#watch.committed(true)
    for (const call of calls) {
      call.strand.committed = time
      if (call.hasResult) call.commit()
      else call.fail(error)
    }
    this.#watch.skip(true)
  }

  #finish(phase: Phase): void {
    this.commit()
    this.#watch.skip(false)
    if (phase === this.#phase && phase.made > 0) {
      this.#last = phase
      this.#phase = new Phase()
    }
    phase.end()
  }

  #mustNotRun(): void {
    if (this.#running === undefined) return
    throw new PendingReadError(
      'Cannot block on an async concurrent method in the race detector: it needs the thread that would be blocked. Way out: make the ' +
        '@synchronized method async.',
    )
  }
}

// As they are when nobody watches.
const { entries: entriesOf } = Map.prototype
const { values: membersOf } = Set.prototype
const { keys: keysOf } = Object

function valueOf(arg: unknown): unknown {
  return isFuture(arg) ? callOf(arg).result : arg
}
