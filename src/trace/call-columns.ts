import type { CallTrace } from '../channels.js'
import { inShort } from './in-short.js'
import type { RecordedCall } from './trace.js'

// Numbers of so many calls stand in one table.
const CALLS = 1024
const COLUMNS = 17
const OUTCOMES = ['committed', 'failed', 'dropped'] as const
const NONE: readonly never[] = []

/** The calls of a recording, as tables of numbers: a program that is recorded should hardly notice. */
export class CallColumns {
  readonly #began: number
  readonly #tables: Float64Array[] = []
  // Arguments that cannot change any more, or what they were.
  readonly #args: (string | readonly unknown[])[] = []
  // What few calls have.
  readonly #more = new Map<number, Pick<RecordedCall, 'inputs' | 'reruns' | 'stale' | 'error'>>()

  /** Times are told from `began` on. */
  constructor(began: number) {
    this.#began = began
  }

  get length(): number {
    return this.#args.length
  }

  /** Adds a call that is over. */
  push(trace: CallTrace, job: number, method: number, args: string | readonly unknown[]): void {
    const row = this.#args.push(args) - 1
    if (row % CALLS === 0) this.#tables.push(new Float64Array(CALLS * COLUMNS))
    const table = this.#tables.at(-1)!
    let at = (row % CALLS) * COLUMNS
    const began = this.#began
    const since = (time: number | undefined) => (time === undefined ? Number.NaN : time - began)
    table[at++] = job
    table[at++] = method
    table[at++] = trace.number
    table[at++] = trace.phase
    table[at++] = trace.worker ?? Number.NaN
    table[at++] = trace.batch ?? Number.NaN
    table[at++] = trace.made - began
    table[at++] = trace.copied - began
    table[at++] = since(trace.left)
    table[at++] = since(trace.ready)
    table[at++] = since(trace.began)
    table[at++] = since(trace.ended)
    table[at++] = since(trace.arrived)
    table[at++] = trace.over! - began
    table[at++] = trace.bytesOut
    table[at++] = trace.bytesIn
    table[at++] = OUTCOMES.indexOf(trace.outcome!)
    if (trace.inputs.length > 0 || trace.reruns > 0 || trace.outcome === 'failed')
      this.#more.set(row, moreOf(trace, began))
  }

  /** All of them. */
  recorded(): RecordedCall[] {
    return this.#args.map((args, row) => {
      const table = this.#tables[Math.floor(row / CALLS)]!
      const at = (row % CALLS) * COLUMNS
      const number = (column: number) => table[at + column]!
      const orNull = (column: number) => (Number.isNaN(number(column)) ? null : number(column))
      const made = number(6)
      const { inputs = NONE, reruns = 0, stale = NONE, error = null } = this.#more.get(row) ?? {}
      return {
        job: number(0),
        method: number(1),
        number: number(2),
        phase: number(3),
        args: typeof args === 'string' ? args : inShort(args),
        inputs,
        made,
        copied: number(7),
        left: orNull(8) ?? made,
        ready: orNull(9) ?? made,
        worker: orNull(4),
        batch: orNull(5),
        began: orNull(10),
        ended: orNull(11),
        arrived: orNull(12),
        over: number(13),
        outcome: OUTCOMES[number(16)]!,
        bytesOut: number(14),
        bytesIn: number(15),
        reruns,
        stale,
        error,
      }
    })
  }
}

function moreOf(
  { inputs, reruns, stale = [], outcome, error }: CallTrace,
  since: number,
): Pick<RecordedCall, 'inputs' | 'reruns' | 'stale' | 'error'> {
  return {
    inputs: inputs.map(({ number }) => number),
    reruns,
    stale: stale.map((run) => ({ ...run, began: run.began - since, ended: run.ended - since })),
    error: outcome === 'failed' ? String(error) : null,
  }
}
