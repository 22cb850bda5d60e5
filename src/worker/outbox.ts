import { sinceBoot } from '../clock.js'
import type { Batch, Encoded, Reply, Report } from '../protocol.js'
import type { Starts } from '../starts.js'
import { packed } from '../values/pack.js'
import { Calls } from './calls.js'
import { Finished } from './ending.js'
import { encodeFailure } from './failure.js'
import type { Runner } from './run.js'

// Results wait for company no longer than this, in ms, while calls go on. Each report wakes the main thread, which takes a
// processor from the workers where there are as many of them as processors.
const FLUSH_AFTER = 12
// Looking at the clock costs as much as running a tiny call: of calls shorter than this, in ms, not every one looks.
const TINY = 0.01
const LOOK_EVERY = 32
// Steps of calls are told no more often than this, in ms.
const STEP_EVERY = 100

interface OutboxOptions {
  readonly reportAfter?: number | undefined
  readonly isFull?: () => boolean
}

/** Runs the calls of a batch one after the other and reports what came of them, together where they are short. */
export class Outbox {
  readonly #runner: Runner
  readonly #starts: Starts
  readonly #post: (report: Report) => void
  readonly #reportAfter: number
  readonly #isFull: () => boolean
  #values: unknown[] = []
  #replies: (readonly [number, Reply])[] = []
  #failures: (readonly [number, Encoded])[] = []
  // Where a batch has calls of several methods, how long each took.
  #times: number[] | undefined
  // Where somebody traces calls, when each began and ended.
  #spans: number[] | undefined
  #began = 0
  #since = 0
  #last = 0
  #unlooked = 0
  #isRunning = false
  #stepped = Number.NEGATIVE_INFINITY

  /** Results wait for company for `reportAfter` ms; `isFull` tells whether the worker should be replaced. */
  constructor(
    runner: Runner,
    starts: Starts,
    post: (report: Report) => void,
    { reportAfter = FLUSH_AFTER, isFull = () => false }: OutboxOptions = {},
  ) {
    this.#reportAfter = reportAfter
    this.#isFull = isFull
    this.#runner = runner
    this.#starts = starts
    this.#post = post
  }

  /** Returns a promise as soon as a method does; until then, no call costs a turn of the event loop. */
  run(batch: Batch): Promise<void> | undefined {
    const calls = new Calls(batch)
    this.#isRunning = true
    this.#times = typeof batch.route === 'number' ? undefined : []
    this.#spans = batch.isTimed ? [] : undefined
    this.#since = this.#last = this.#began = sinceBoot()
    while (calls.next()) {
      if (!this.#starts.take(batch.slot)) return this.#endEarly()
      const result = this.#start(calls)
      if (result instanceof Promise) return this.#runRest(batch, calls, result)
      this.#take(result)
    }
    this.#end()
    return undefined
  }

  /** So much of the running call is done. Nothing of it is told where none is running, or too soon after the last time. */
  step(fraction: number): void {
    const now = sinceBoot()
    if (now - this.#stepped < STEP_EVERY || !this.#isRunning) return
    this.#stepped = now
    this.#post({ values: [], times: 0, step: [this.#values.length, fraction] })
  }

  /** Reports what is finished. */
  flush(now = sinceBoot()): void {
    if (this.#values.length === 0) return
    const report: Report = {
      values: packed(this.#values),
      times: this.#times ?? now - this.#since,
      ...(this.#replies.length > 0 && { replies: this.#replies }),
      ...(this.#failures.length > 0 && { failures: this.#failures }),
      ...(this.#isFull() && { isFull: true }),
      ...(this.#spans && { spans: new Float64Array(this.#spans) }),
    }
    this.#values = []
    this.#replies = []
    this.#failures = []
    if (this.#times !== undefined) this.#times = []
    this.#since = now
    this.#post(report)
    if (this.#spans === undefined) return
    // Nor is the time that this took any call's.
    this.#spans = []
    this.#began = sinceBoot()
  }

  async #runRest(batch: Batch, calls: Calls, first: Promise<unknown>): Promise<void> {
    this.#take(await first)
    while (calls.next()) {
      if (!this.#starts.take(batch.slot)) return this.#endEarly()
      const result = this.#start(calls)
      this.#take(result instanceof Promise ? await result : result)
    }
    this.#end()
  }

  #end(): void {
    this.#isRunning = false
    this.flush()
  }

  // The rest of the batch has been taken back. The lane hears that it is free.
  #endEarly(): undefined {
    this.#end()
    this.#post({ values: [], times: 0 })
  }

  #start(calls: Calls): unknown {
    try {
      return this.#runner.run(calls.route, calls.units, calls.args(), calls.objects, calls.recorded)
    } catch (error) {
      this.#failures.push([this.#values.length, encodeFailure(error)])
      return undefined
    }
  }

  #take(result: unknown): void {
    if (result instanceof Finished) {
      this.#replies.push([this.#values.length, result.reply])
      result = undefined
    }
    this.#values.push(result)
    if (this.#spans !== undefined) this.#look(this.#span(this.#spans))
    else if (this.#times === undefined && this.#unlooked > 0) this.#unlooked--
    else this.#look(sinceBoot())
  }

  #span(spans: number[]): number {
    const now = sinceBoot()
    spans.push(this.#began, now)
    this.#began = now
    return now
  }

  #look(now: number): void {
    const time = now - this.#last
    this.#unlooked = time < TINY ? LOOK_EVERY : 0
    this.#times?.push(time)
    this.#last = now
    // The next one may take as long.
    if (now - this.#since + time > this.#reportAfter) this.flush(now)
  }
}
