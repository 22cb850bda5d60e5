import { type CallTable, COUNT, COUNTS, OUTCOMES, TIME, TIMES } from '../call-table.js'
import { inShort } from '../in-short.js'
import type { Places } from './places.js'
import type { RecordedCall } from './trace.js'

const NONE: readonly never[] = []
const NOTHING = { inputs: NONE, stale: NONE, error: null }

/** The calls of these tables that were over by `until`, of the first `most`, in the order in which they were made. */
export function recordedCalls(
  tables: readonly CallTable[],
  most: number,
  since: number,
  until: number,
  jobs: Places<object>,
  methods: Places<string>,
): RecordedCall[] {
  const calls: RecordedCall[] = []
  let left = most
  for (const table of tables) {
    const rows = Math.min(left, table.filled.rows)
    left -= rows
    for (let row = 0; row < rows; row++) {
      const over = table.times[row * TIMES + TIME.over]!
      if (over === 0 || over > until) continue
      const job = jobs.of(table.jobs[table.counts[row * COUNTS + COUNT.job]!]!)
      calls.push({ job, method: methods.of(table.methods[row]!), ...recordedCall(table, row, since) })
    }
  }
  return calls
}

function recordedCall(
  { times, counts, args: allArgs, more }: CallTable,
  row: number,
  since: number,
): Omit<RecordedCall, 'job' | 'method'> {
  const count = (column: number) => counts[row * COUNTS + column]!
  const time = (column: number) => times[row * TIMES + column]! - since
  const timeOrNull = (column: number) => (times[row * TIMES + column] === 0 ? null : time(column))
  const made = time(TIME.made)
  const args = allArgs[row]!
  const began = timeOrNull(TIME.began)
  const { inputs, stale, error } = more.get(row) ?? NOTHING
  return {
    number: count(COUNT.number),
    phase: count(COUNT.phase),
    args: typeof args === 'string' ? args : inShort(args),
    inputs,
    made,
    copied: time(TIME.copied),
    left: timeOrNull(TIME.left) ?? made,
    ready: timeOrNull(TIME.ready) ?? made,
    worker: began !== null ? count(COUNT.worker) : null,
    batch: began !== null ? count(COUNT.batch) : null,
    began,
    ended: timeOrNull(TIME.ended),
    arrived: timeOrNull(TIME.arrived),
    over: time(TIME.over),
    outcome: OUTCOMES[count(COUNT.outcome) - 1]!,
    bytesOut: count(COUNT.bytesOut),
    bytesIn: count(COUNT.bytesIn),
    reruns: count(COUNT.reruns),
    stale: stale.map((run) => ({ ...run, began: run.began - since, ended: run.ended - since })),
    error,
  }
}
