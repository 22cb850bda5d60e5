import { CallTable, COUNT, COUNTS, NUMBER, NUMBERS, OUTCOMES, ROWS } from './call-table.js'
import type { CallTrace } from './channels.js'
import { BOOT, time } from './clock.js'
import { inShort } from './in-short.js'
import type { Span } from './protocol.js'
import { isRecorded, recorders } from './recorders.js'

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
  // Where its times and counts are.
  readonly #table: CallTable
  readonly #row: number
  #rare: Rare | undefined = undefined

  /** It is being made. */
  constructor(job: object, method: string, args: readonly unknown[]) {
    const table = tableForNext()
    const row = table.filled.rows - 1
    this.job = job
    this.method = method
    this.args = args
    this.#table = table
    this.#row = row
    if (table.isKept) {
      table.counts[row * COUNTS + COUNT.job] = table.placeOf(job)
      table.methods[row] = method
      table.args[row] = canBeKept(args) ? args : inShort(args)
    }
    table.numbers[row * NUMBERS + NUMBER.made] = time()
  }

  /** It has been made. */
  begin(number: number, phase: number, inputs: readonly CallTrace[]): void {
    const { numbers, counts } = this.#table
    const row = this.#row
    counts[row * COUNTS + COUNT.number] = number
    counts[row * COUNTS + COUNT.phase] = phase
    if (inputs.length > 0) this.#rarely.inputs = inputs
    numbers[row * NUMBERS + NUMBER.copied] = time()
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
    return this.#table.counts[this.#row * COUNTS + COUNT.number]!
  }

  get phase(): number {
    return this.#table.counts[this.#row * COUNTS + COUNT.phase]!
  }

  get made(): number {
    return this.#table.numbers[this.#row * NUMBERS + NUMBER.made]!
  }

  get copied(): number {
    return this.#table.numbers[this.#row * NUMBERS + NUMBER.copied]!
  }

  get left(): number | undefined {
    return this.#time(NUMBER.left)
  }

  /** The program goes on. */
  leave(): void {
    this.#table.numbers[this.#row * NUMBERS + NUMBER.left] = time()
  }

  get ready(): number | undefined {
    return this.#time(NUMBER.ready)
  }

  set ready(time: number) {
    this.#table.numbers[this.#row * NUMBERS + NUMBER.ready] = time
  }

  get worker(): number | undefined {
    return this.#hasRun ? this.#table.counts[this.#row * COUNTS + COUNT.worker]! : undefined
  }

  get batch(): number | undefined {
    return this.#hasRun ? this.#table.counts[this.#row * COUNTS + COUNT.batch]! : undefined
  }

  get began(): number | undefined {
    return this.#time(NUMBER.began)
  }

  get ended(): number | undefined {
    return this.#time(NUMBER.ended)
  }

  get arrived(): number | undefined {
    return this.#time(NUMBER.arrived)
  }

  /** What came of it is here, with a report or what else arrived then. */
  arrive(then: number): void {
    this.#table.numbers[this.#row * NUMBERS + NUMBER.arrived] = then < this.made ? time() : then
  }

  get bytesOut(): number {
    return this.#table.numbers[this.#row * NUMBERS + NUMBER.bytesOut]!
  }

  get bytesIn(): number {
    return this.#table.numbers[this.#row * NUMBERS + NUMBER.bytesIn]!
  }

  get reruns(): number {
    return this.#table.counts[this.#row * COUNTS + COUNT.reruns]!
  }

  get over(): number | undefined {
    return this.#time(NUMBER.over)
  }

  get outcome(): CallTrace['outcome'] {
    const outcome = this.#table.counts[this.#row * COUNTS + COUNT.outcome]!
    return outcome === 0 ? undefined : OUTCOMES[outcome - 1]
  }

  /** So many bytes have been sent to have it run. */
  sent(bytes: number): void {
    this.#table.numbers[this.#row * NUMBERS + NUMBER.bytesOut]! += bytes
  }

  /** So many bytes have come back. What comes when it is over is not told. */
  received(bytes: number): void {
    if (this.outcome !== undefined) return
    this.#table.numbers[this.#row * NUMBERS + NUMBER.bytesIn]! += bytes
  }

  /** It has run. When it began and when it ended, in ms since the machine was started, stand at `i` and after it. */
  ran(worker: number, batch: number, spans: Float64Array, i: number): void {
    if (this.outcome !== undefined) return
    const { numbers, counts } = this.#table
    const row = this.#row
    counts[row * COUNTS + COUNT.worker] = worker
    counts[row * COUNTS + COUNT.batch] = batch
    numbers[row * NUMBERS + NUMBER.began] = BOOT + spans[i]!
    numbers[row * NUMBERS + NUMBER.ended] = BOOT + spans[i + 1]!
  }

  /** It must run again. */
  reopen(): void {
    this.#table.counts[this.#row * COUNTS + COUNT.reruns]!++
    const { worker, batch, began, ended } = this
    if (worker === undefined || batch === undefined || began === undefined || ended === undefined) return
    this.#rarely.stale ??= []
    this.#rarely.stale.push({ worker, batch, began, ended })
  }

  /** It is over, about then. */
  end(then: number, outcome: (typeof OUTCOMES)[number]): void {
    const { numbers, counts } = this.#table
    const row = this.#row
    numbers[row * NUMBERS + NUMBER.over] = then < (this.arrived ?? this.made) ? time() : then
    counts[row * COUNTS + COUNT.outcome] = 1 + OUTCOMES.indexOf(outcome)
    if (this.#table.isKept && this.#rare !== undefined) this.#keep(this.#rare)
  }

  #keep({ inputs = NONE, stale = [], error }: Rare): void {
    this.#table.more.set(this.#row, {
      inputs: inputs.map(({ number }) => number),
      stale,
      error: this.outcome === 'failed' ? said(error) : null,
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
    const at = this.#table.numbers[this.#row * NUMBERS + which]!
    return at === 0 ? undefined : at
  }
}

// Whatever was thrown: its own words may fail.
function said(error: unknown): string {
  try {
    return String(error)
  } catch {
    return 'an error that has no words'
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

let table: CallTable | undefined

recorders.makers.push({
  begin(recorder) {
    if (table?.isKept) recorder.table(table, table.filled.rows)
    else table = undefined
  },
  // It holds jobs and what they were given.
  end() {
    table = undefined
  },
})

// The table that the next call goes into: its last row is the call's.
function tableForNext(): CallTable {
  if (table === undefined || table.filled.rows === ROWS) {
    table = new CallTable(isRecorded())
    for (const recorder of recorders.all) recorder.table(table, 0)
  }
  table.filled.rows++
  return table
}
