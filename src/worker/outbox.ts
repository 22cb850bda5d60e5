import type { Batch, Encoded, ObjectArguments, Reply, Report } from '../protocol.js'
import { Finished, type Runner } from './run.js'

// Results wait for company no longer than this, in ms, while calls go on.
const FLUSH_AFTER = 4

/** Runs the calls of a batch one after the other and reports what came of them, together where they are short. */
export class Outbox {
  readonly #runner: Runner
  readonly #post: (report: Report) => void
  #values: unknown[] = []
  #replies: (readonly [number, Reply])[] = []
  #failures: (readonly [number, Encoded])[] = []
  #times: number[] | undefined
  #since = 0
  #last = 0

  constructor(runner: Runner, post: (report: Report) => void) {
    this.#runner = runner
    this.#post = post
  }

  /** Returns a promise as soon as a method does; until then, no call costs a turn of the event loop. */
  run(batch: Batch): Promise<void> | undefined {
    const calls = new Calls(batch)
    this.#times = typeof batch.route === 'number' ? undefined : []
    this.#since = this.#last = performance.now()
    while (calls.next()) {
      const result = this.#start(calls)
      if (result instanceof Promise) return this.#runRest(calls, result)
      this.#take(result)
    }
    this.#flush(performance.now())
    return undefined
  }

  async #runRest(calls: Calls, first: Promise<unknown>): Promise<void> {
    this.#take(await first)
    while (calls.next()) {
      const result = this.#start(calls)
      this.#take(result instanceof Promise ? await result : result)
    }
    this.#flush(performance.now())
  }

  #start(calls: Calls): unknown {
    try {
      return this.#runner.run(calls.route, calls.units, calls.args(), calls.objects, calls.recorded)
    } catch (error) {
      this.#failures.push([this.#values.length, this.#runner.encodeFailure(error)])
      return undefined
    }
  }

  #take(result: unknown): void {
    if (result instanceof Finished) {
      this.#replies.push([this.#values.length, result.reply])
      result = undefined
    }
    this.#values.push(result)
    const now = performance.now()
    this.#times?.push(now - this.#last)
    this.#last = now
    if (now - this.#since > FLUSH_AFTER) this.#flush(now)
  }

  #flush(now: number): void {
    if (this.#values.length === 0) return
    const report: Report = {
      values: this.#values,
      times: this.#times ?? now - this.#since,
      ...(this.#replies.length > 0 && { replies: this.#replies }),
      ...(this.#failures.length > 0 && { failures: this.#failures }),
    }
    this.#values = []
    this.#replies = []
    this.#failures = []
    if (this.#times !== undefined) this.#times = []
    this.#since = now
    this.#post(report)
  }
}

/** Goes through the calls of a batch. */
class Calls {
  route = 0
  units: readonly number[] = []
  recorded: readonly number[] = []
  objects: ObjectArguments | undefined
  readonly #batch: Batch
  readonly #count: number
  #at = -1
  #arg = 0
  #state = 0
  #object = 0

  constructor(batch: Batch) {
    this.#batch = batch
    this.#count = batch.calls
  }

  next(): boolean {
    const { route, states, objects } = this.#batch
    const at = ++this.#at
    if (at === this.#count) return false
    this.route = typeof route === 'number' ? route : route[at]!
    if (states[this.#state]?.[0] === at) [, this.units, this.recorded] = states[this.#state++]!
    this.objects = objects?.[this.#object]?.[0] === at ? objects[this.#object++]![1] : undefined
    return true
  }

  args(): unknown[] {
    const { count, args } = this.#batch
    const from = this.#arg
    this.#arg += typeof count === 'number' ? count : count[this.#at]!
    return args.slice(from, this.#arg)
  }
}
