import { type CallTable, COUNT, COUNTS, NUMBER, NUMBERS, OUTCOMES } from '../call-table.js'
import { inShort } from '../in-short.js'
import type { Places } from './places.js'
import type { RecordedCall } from './trace.js'

const NONE: readonly never[] = []
const NOTHING = { inputs: NONE, stale: NONE, error: null }

/** A table, and how many of its first calls are not asked for. */
export interface TakenTable {
  readonly table: CallTable
  readonly from: number
}

/** The calls of these tables that were over by `until`, of the first `most`, in the order in which they were made. */
export function recordedCalls(
  tables: readonly TakenTable[],
  most: number,
  since: number,
  until: number,
  jobs: Places<object>,
  methods: Places<string>,
): RecordedCall[] {
  const calls: RecordedCall[] = []
  let left = most
  for (const { table, from } of tables) {
    const to = Math.min(from + left, table.filled.rows)
    left -= to - from
    for (let row = from; row < to; row++) {
      const over = table.numbers[row * NUMBERS + NUMBER.over]!
      if (over === 0 || over > until) continue
      const job = jobs.of(table.jobs[table.counts[row * COUNTS + COUNT.job]!]!)
      calls.push({ job, method: methods.of(table.methods[row]!), ...recordedCall(table, row, since) })
    }
  }
  return calls
}

function recordedCall(
  { numbers, counts, args: allArgs, more }: CallTable,
  row: number,
  since: number,
): Omit<RecordedCall, 'job' | 'method'> {
  const count = (column: number) => counts[row * COUNTS + column]!
  const time = (column: number) => numbers[row * NUMBERS + column]! - since
  const timeOrNull = (column: number) => (numbers[row * NUMBERS + column] === 0 ? null : time(column))
  const made = time(NUMBER.made)
  const args = allArgs[row]!
  const began = timeOrNull(NUMBER.began)
  const { inputs, stale, error } = more.get(row) ?? NOTHING
  return {
    number: count(COUNT.number),
    phase: count(COUNT.phase),
    args: typeof args === 'string' ? args : inShort(args),
    inputs,
    made,
    copied: time(NUMBER.copied),
    left: timeOrNull(NUMBER.left) ?? made,
    ready: timeOrNull(NUMBER.ready) ?? made,
    worker: began !== null ? count(COUNT.worker) : null,
    batch: began !== null ? count(COUNT.batch) : null,
    began,
    ended: timeOrNull(NUMBER.ended),
    arrived: timeOrNull(NUMBER.arrived),
    over: time(NUMBER.over),
    outcome: OUTCOMES[count(COUNT.outcome) - 1]!,
    bytesOut: numbers[row * NUMBERS + NUMBER.bytesOut]!,
    bytesIn: numbers[row * NUMBERS + NUMBER.bytesIn]!,
    reruns: count(COUNT.reruns),
    stale: stale.map((run) => ({ ...run, began: run.began - since, ended: run.ended - since })),
    error,
  }
}
