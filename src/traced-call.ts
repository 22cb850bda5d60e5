import { type CallTable, COLUMN, OUTCOMES, startOf, tableForNext } from './call-table.js'
import { type CallTrace, time } from './channels.js'
import { inShort } from './in-short.js'
import type { Span } from './protocol.js'

// What few calls have.
interface Rare {
  inputs?: readonly CallTrace[]
  stale?: Span[]
  error?: unknown
}

const NONE: readonly never[] = []

/** What is told of a call. Calls are many and short: it takes as little time and memory as it can. */
export class TracedCall implements CallTrace {
  readonly job: object
  readonly method: string
  readonly args: readonly unknown[]
  // Where its numbers are.
  readonly #table: CallTable
  readonly #at: number
  #rare: Rare | undefined = undefined

  /** It is being made. */
  constructor(job: object, method: string, args: readonly unknown[]) {
    const table = tableForNext()
    const row = table.filled.rows - 1
    const at = startOf(row)
    this.job = job
    this.method = method
    this.args = args
    this.#table = table
    this.#at = at
    if (table.isKept) {
      table.numbers[at + COLUMN.job] = table.placeOf(job)
      table.methods[row] = method
      table.args[row] = canBeKept(args) ? args : inShort(args)
    }
    table.numbers[at + COLUMN.made] = time()
  }

  /** It has been made. */
  begin(number: number, phase: number, inputs: readonly CallTrace[]): void {
    const { numbers } = this.#table
    const at = this.#at
    numbers[at + COLUMN.number] = number
    numbers[at + COLUMN.phase] = phase
    if (inputs.length > 0) this.#rarely.inputs = inputs
    numbers[at + COLUMN.copied] = time()
  }

  get inputs(): readonly CallTrace[] {
    return this.#rare?.inputs ?? NONE
  }

  get stale(): readonly Span[] | undefined {
    return this.#rare?.stale
  }

  get error(): unknown {
    return this.#rare?.error
  }

  set error(error: unknown) {
    this.#rarely.error = error
  }

  get number(): number {
    return this.#table.numbers[this.#at + COLUMN.number]!
  }

  get phase(): number {
    return this.#table.numbers[this.#at + COLUMN.phase]!
  }

  get made(): number {
    return this.#table.numbers[this.#at + COLUMN.made]!
  }

  get copied(): number {
    return this.#table.numbers[this.#at + COLUMN.copied]!
  }

  get left(): number | undefined {
    return this.#time(COLUMN.left)
  }

  /** The program goes on. */
  leave(): void {
    this.#table.numbers[this.#at + COLUMN.left] = time()
  }

  get ready(): number | undefined {
    return this.#time(COLUMN.ready)
  }

  set ready(time: number) {
    this.#table.numbers[this.#at + COLUMN.ready] = time
  }

  get worker(): number | undefined {
    return this.#hasRun ? this.#table.numbers[this.#at + COLUMN.worker] : undefined
  }

  get batch(): number | undefined {
    return this.#hasRun ? this.#table.numbers[this.#at + COLUMN.batch] : undefined
  }

  get began(): number | undefined {
    return this.#time(COLUMN.began)
  }

  get ended(): number | undefined {
    return this.#time(COLUMN.ended)
  }

  get arrived(): number | undefined {
    return this.#time(COLUMN.arrived)
  }

  set arrived(time: number) {
    this.#table.numbers[this.#at + COLUMN.arrived] = time
  }

  get bytesOut(): number {
    return this.#table.numbers[this.#at + COLUMN.bytesOut]!
  }

  get bytesIn(): number {
    return this.#table.numbers[this.#at + COLUMN.bytesIn]!
  }

  get reruns(): number {
    return this.#table.numbers[this.#at + COLUMN.reruns]!
  }

  get over(): number | undefined {
    return this.#time(COLUMN.over)
  }

  get outcome(): CallTrace['outcome'] {
    const outcome = this.#table.numbers[this.#at + COLUMN.outcome]!
    return outcome === 0 ? undefined : OUTCOMES[outcome - 1]
  }

  /** So many bytes have been sent to have it run. */
  sent(bytes: number): void {
    this.#table.numbers[this.#at + COLUMN.bytesOut]! += bytes
  }

  /** So many bytes have come back. */
  received(bytes: number): void {
    this.#table.numbers[this.#at + COLUMN.bytesIn]! += bytes
  }

  /** It has run. When it began and when it ended stand at `i` and after it. */
  ran(worker: number, batch: number, times: Float64Array, i: number): void {
    const { numbers } = this.#table
    const at = this.#at
    numbers[at + COLUMN.worker] = worker
    numbers[at + COLUMN.batch] = batch
    numbers[at + COLUMN.began] = times[i]!
    numbers[at + COLUMN.ended] = times[i + 1]!
  }

  /** It must run again. */
  reopen(): void {
    this.#table.numbers[this.#at + COLUMN.reruns]!++
    const { worker, batch, began, ended } = this
    if (worker === undefined || batch === undefined || began === undefined || ended === undefined) return
    this.#rarely.stale ??= []
    this.#rarely.stale.push({ worker, batch, began, ended })
  }

  /** It is over. */
  end(time: number, outcome: (typeof OUTCOMES)[number]): void {
    const { numbers } = this.#table
    const at = this.#at
    numbers[at + COLUMN.over] = time
    numbers[at + COLUMN.outcome] = 1 + OUTCOMES.indexOf(outcome)
    if (this.#table.isKept && this.#rare !== undefined) this.#keep(this.#rare)
  }

  #keep({ inputs = NONE, stale = [], error }: Rare): void {
    this.#table.more.set(this.#at, {
      inputs: inputs.map(({ number }) => number),
      stale,
      error: this.outcome === 'failed' ? String(error) : null,
    })
  }

  get #rarely(): Rare {
    this.#rare ??= {}
    return this.#rare
  }

  get #hasRun(): boolean {
    return this.began !== undefined
  }

  // Nothing happened in 1970.
  #time(which: number): number | undefined {
    const at = this.#table.numbers[this.#at + which]!
    return at === 0 ? undefined : at
  }
}

// What will be the same later, and is small.
function canBeKept(args: readonly unknown[]): boolean {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (
      typeof arg === 'string'
        ? arg.length > LONG
        : (typeof arg === 'object' && arg !== null) || typeof arg === 'function'
    )
      return false
  }
  return true
}

const LONG = 100
