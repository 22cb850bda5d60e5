import { callerKeys } from './caller-keys.js'
import type { Phase } from './phase.js'
import { Rate } from './rate.js'
import { outsideCalls } from './worker/context.js'

/** How far a job has come in its present phase: the time from its first call to the synchronization event. */
export interface Progress {
  /** Calls that are committed. */
  readonly done: number
  /** Calls that have been made so far. */
  readonly total: number
  /** Calls that failed. */
  readonly failed: number
  /** Calls that ended without a result because an earlier one failed, or the job was cancelled. */
  readonly dropped: number
  /**
   * Calls whose method has ended, whether or not they are committed, and of those that are running as much as they have reported
   * with `progress()`: 2.5 are two calls and a half. A call that must run again counts when it has.
   */
  readonly computed: number
  /**
   * How fast `computed` grows, where the last calls count most (the last 16 or those of the last 3 seconds, whichever are more);
   * in the last event of a phase its mean. `undefined` until something is computed.
   */
  readonly callsPerSecond: number | undefined
  /** Milliseconds until all calls made so far are computed, if it goes on like that; `undefined` until that can be told. */
  readonly timeLeft: number | undefined
  /** Milliseconds since the first call of the phase. */
  readonly elapsed: number
  /** The phase is over, and this is its last event: `done + failed + dropped` is `total`. */
  readonly isOver: boolean
}

/** Is told of progress. */
export type ProgressListener = (progress: Progress) => void

// Progress is told at most this often, in ms, but for the end of a phase; and this often even where there is none.
const EVERY = 100
const AT_LEAST_EVERY = 1000
// A timer counts whole ms: one that comes a little early is not to wait for its next turn.
const EARLY = 5

/** Tells listeners how far a job has come, at a bounded rate and at the end of each phase. */
export class ProgressTeller {
  readonly #listeners = new Set<ProgressListener>()
  // Calls of the phase whose method has ended, and what running ones say of themselves.
  #arrived = 0
  readonly #fractions = new Map<object, number>()
  #phase: Phase | undefined
  #rate = new Rate(0, 0)
  #began = 0
  #toldAt = Number.NEGATIVE_INFINITY
  #told: Progress | undefined
  #timer: NodeJS.Timeout | undefined

  add(listener: ProgressListener): void {
    this.#listeners.add(listener)
  }

  delete(listener: ProgressListener): void {
    this.#listeners.delete(listener)
    if (this.isUnheard) this.#rest()
  }

  /** Whether nobody listens. */
  get isUnheard(): boolean {
    return this.#listeners.size === 0
  }

  /** Calls are under way: from now on the event loop, where it turns, sees to it that what has changed is told. */
  follow(phase: Phase): void {
    if (phase !== this.#phase) this.#begin(phase)
    // It waits for nothing that would not keep the process alive by itself.
    this.#timer ??= setInterval(() => this.#tick(), EVERY).unref()
  }

  /** Something has changed. */
  look(phase: Phase): void {
    const now = performance.now()
    if (now - this.#toldAt >= EVERY) this.#tell(phase, now)
  }

  /** The thread is blocked, and may tell before it goes on. Gives the ms after which it should do so again. */
  lookBlocked(phase: Phase): number {
    const now = performance.now()
    if (now - this.#toldAt >= EVERY) this.#tellNews(phase, now)
    return EVERY
  }

  /** A call says how much of it is done. */
  step(phase: Phase, call: object, fraction: number): void {
    this.#fractions.set(call, fraction)
    this.look(phase)
  }

  /** What came of a call is here, which makes it whole. */
  arrived(call: object): void {
    this.#arrived++
    if (this.#fractions.size > 0) this.#fractions.delete(call)
  }

  /** A call must run again. */
  reopened(): void {
    this.#arrived--
  }

  /** The phase is over: tells that, however soon after the last time. */
  end(phase: Phase): void {
    const progress = this.#measure(phase, performance.now(), true)
    this.#rest()
    this.#fractions.clear()
    // A listener may make the first calls of the next phase.
    this.#phase = undefined
    this.#emit(progress)
  }

  #begin(phase: Phase): void {
    this.#phase = phase
    this.#began = performance.now()
    this.#arrived = phase.done + phase.failed
    this.#rate = new Rate(this.#began, this.#arrived)
    this.#fractions.clear()
    this.#told = undefined
  }

  #rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #tick(): void {
    const phase = this.#phase
    const now = performance.now()
    if (phase !== undefined && now - this.#toldAt >= EVERY - EARLY) {
      if (phase.open === 0) this.#rest()
      this.#tellNews(phase, now)
    }
  }

  #tellNews(phase: Phase, now: number): void {
    const { done, total, failed, dropped, computed } = this.#told ?? NOTHING
    const isNews =
      phase.made !== total ||
      phase.done !== done ||
      phase.failed !== failed ||
      phase.dropped !== dropped ||
      this.#computed !== computed
    if (isNews || now - this.#toldAt >= AT_LEAST_EVERY) this.#tell(phase, now)
  }

  get #computed(): number {
    let computed = this.#arrived
    for (const fraction of this.#fractions.values()) computed += fraction
    return computed
  }

  #tell(phase: Phase, now: number): void {
    this.#emit(this.#measure(phase, now, false))
  }

  #measure(phase: Phase, now: number, isOver: boolean): Progress {
    if (phase !== this.#phase) this.#begin(phase)
    const computed = this.#computed
    this.#rate.sample(now, computed)
    const { perMillisecond, mean } = this.#rate
    const rate = isOver ? mean : perMillisecond
    this.#toldAt = now
    this.#told = {
      done: phase.done,
      total: phase.made,
      failed: phase.failed,
      dropped: phase.dropped,
      computed,
      callsPerSecond: rate && 1000 * rate,
      timeLeft: isOver ? 0 : rate && Math.max(0, phase.made - computed) / rate,
      elapsed: now - this.#began,
      isOver,
    }
    return this.#told
  }

  #emit(progress: Progress): void {
    // A method that runs in this thread may have led here.
    outsideCalls(() => {
      for (const listener of [...this.#listeners]) tellOne(listener, progress)
    })
    callerKeys.forget()
  }
}

function tellOne(listener: ProgressListener, progress: Progress): void {
  try {
    listener(progress)
  } catch (error) {
    // As with any listener: its error is its own, and must not stop the commits under way.
    queueMicrotask(() => {
      throw error
    })
  }
}

const NOTHING: Partial<Progress> = {}
