import type { Executor, ExecutorCall, Reply } from '../protocol.js'
import { checkExecutor } from './checks.js'
import { copyOf, Decoded, keep } from './decode.js'
import type { InPlaceCall } from './in-place.js'
import { type Arrival, innermost, Relay, RelayedCall } from './relay.js'

/** What became of one call, as plain data. */
export interface RecordedCall {
  /** Its place among the calls of its job, from 1 on. */
  readonly number: number
  /** Class and method: `Climate.processLatLon`. */
  readonly method: string
  /** The arguments as the call saw them: copies. */
  readonly args: readonly unknown[]
  /** How often it was run: more than once after a conflict with `onConflict: 'rerun'`. */
  readonly runs: number
  /** The worker on which it ran last, from 1 on; `null` where there is none. */
  readonly worker: number | null
  /** The batch of this worker, from 1 on; `null` where there is none. */
  readonly batch: number | null
  /** What the method returned or threw when it ran last: `{ returned }` or `{ threw }`, `null` as long as it has not ended. */
  readonly outcome: { readonly returned: unknown } | { readonly threw: unknown } | null
  /** Its place among the calls in the order in which they completed, from 1 on; `null` as long as it has not. */
  readonly completed: number | null
  /** Its place among the commits, from 1 on; `null` where it was not committed. */
  readonly committed: number | null
}

/** An executor that remembers its calls. */
export type Recording = Executor & {
  /** The calls so far, in the order in which the executor was given them. */
  readonly calls: readonly RecordedCall[]
  /** Forgets the calls so far. */
  clear(): void
}

/**
 * Remembers which calls an executor was given, with which arguments, where they ran, and when they were committed, as plain data
 * for snapshot tests. With `serial()`, `inline()` and `shuffled({ seed })` they are the same each time; on threads, `worker`, `batch`
 * and `completed` depend on the machine.
 * @throws {TypeError} if it is given no executor
 * @example
 * const executor = recording(inline())
 * await new Climate({ executor }).processAll(grid)
 * assert.deepEqual(executor.calls.map(({ args }) => args), [[60, 0], [60, 90]])
 */
export function recording(executor: Executor): Recording {
  checkExecutor('recording()', executor)
  return new Recorder(executor)
}

class Recorder extends Relay implements Recording {
  #records = new Map<object, Entry>()
  #completed = 0
  #committed = 0

  constructor(inner: Executor) {
    super(inner)
    inner.watchBatches?.((worker, batch, calls) => {
      for (const call of calls) this.#records.get(innermost(call))?.sent(worker, batch)
    })
  }

  get calls(): readonly RecordedCall[] {
    return [...this.#records.values()].map((record) => record.plain())
  }

  clear(): void {
    this.#records = new Map()
    this.#completed = 0
    this.#committed = 0
  }

  override submit(call: ExecutorCall): void {
    const raw = innermost(call)
    const records = this.#records
    let record = records.get(raw)
    if (record === undefined) {
      const seen = keep(call)
      record = new Entry(call.number, call.route.name, () => new Decoded(seen))
      records.set(raw, record)
      call.after(({ isCommitted }) => {
        if (isCommitted && records === this.#records) record!.committed = ++this.#committed
      })
    }
    record.began(keep(call))
    this.hand(new Watched(call, (arrival) => records === this.#records && record!.ended(arrival, ++this.#completed)))
  }

  protected override runInPlace(call: InPlaceCall): unknown {
    const args = call.args.map(copyOf)
    const record = new Entry(call.number, call.name, () => ({ args }))
    this.#records.set(call, record)
    record.began()
    const end = (outcome: RecordedCall['outcome']) => {
      record.ended({ outcome }, ++this.#completed)
      record.committed = outcome !== null && 'returned' in outcome ? ++this.#committed : null
    }
    try {
      const result = super.runInPlace(call)
      if (result instanceof Promise) {
        result.then(
          (returned) => end({ returned: copyOf(returned) }),
          (threw) => end({ threw }),
        )
      } else end({ returned: copyOf(result) })
      return result
    } catch (threw) {
      end({ threw })
      throw threw
    }
  }
}

/** One call, and what it takes to tell of it. */
class Entry {
  committed: number | null = null
  readonly #number: number
  readonly #method: string
  #decode: () => Pick<Decoded, 'args'> & Partial<Decoded>
  #decoded: (Pick<Decoded, 'args'> & Partial<Decoded>) | undefined
  #runs = 0
  #worker: number | null = null
  #batch: number | null = null
  #arrival: Arrival | { outcome: RecordedCall['outcome'] } | undefined
  #completed: number | null = null

  constructor(number: number, method: string, decode: () => Pick<Decoded, 'args'> & Partial<Decoded>) {
    this.#number = number
    this.#method = method
    this.#decode = decode
  }

  /** It runs, the first time or again; then it sees what has been committed since. */
  began(seen?: ReturnType<typeof keep>): void {
    this.#runs++
    this.#arrival = undefined
    this.#completed = null
    if (seen === undefined) return
    this.#decode = () => new Decoded(seen)
    this.#decoded = undefined
  }

  sent(worker: number, batch: number): void {
    this.#worker = worker
    this.#batch = batch
  }

  ended(arrival: Arrival | { outcome: RecordedCall['outcome'] }, completed: number): void {
    this.#arrival = arrival
    this.#completed = completed
  }

  plain(): RecordedCall {
    this.#decoded ??= this.#decode()
    return {
      number: this.#number,
      method: this.#method,
      args: this.#decoded.args,
      runs: this.#runs,
      worker: this.#worker,
      batch: this.#batch,
      outcome: this.#outcome(this.#decoded),
      completed: this.#completed,
      committed: this.committed,
    }
  }

  #outcome(decoded: Partial<Decoded>): RecordedCall['outcome'] {
    const arrival = this.#arrival
    if (arrival === undefined) return null
    if ('outcome' in arrival) return arrival.outcome
    if ('error' in arrival) return { threw: arrival.error }
    if ('value' in arrival) return { returned: arrival.value }
    const [threw, value] = (decoded as Decoded).outcome(arrival.reply as Reply)
    return threw ? { threw: value } : { returned: value }
  }
}

class Watched extends RelayedCall {
  readonly #tell: (arrival: Arrival) => void

  constructor(inner: ExecutorCall, tell: (arrival: Arrival) => void) {
    super(inner)
    this.#tell = tell
  }

  protected override arrived(pass: () => void, arrival: Arrival): void {
    if (!this.isCancelled) this.#tell(arrival)
    pass()
  }
}
