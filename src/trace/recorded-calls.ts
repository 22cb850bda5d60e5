import { type CallTable, COLUMN, OUTCOMES, startOf } from '../call-table.js'
import { inShort } from '../in-short.js'
import type { Places } from './places.js'
import type { RecordedCall } from './trace.js'

const NONE: readonly never[] = []
const NOTHING = { inputs: NONE, stale: NONE, error: null }

/** The calls of these tables that are over, of the first `most`, in the order in which they were made. */
export function recordedCalls(
  tables: readonly CallTable[],
  most: number,
  since: number,
  jobs: Places<object>,
  methods: Places<string>,
): RecordedCall[] {
  const calls: RecordedCall[] = []
  let left = most
  for (const table of tables) {
    const rows = Math.min(left, table.filled.rows)
    left -= rows
    for (let row = 0; row < rows; row++) {
      const at = startOf(row)
      const job = table.jobs[table.numbers[at + COLUMN.job]!]!
      // Others are not over.
      if (table.numbers[at + COLUMN.outcome] !== 0)
        calls.push({ job: jobs.of(job), method: methods.of(table.methods[row]!), ...recordedCall(table, row, since) })
    }
  }
  return calls
}

function recordedCall(
  { numbers, args: allArgs, more }: CallTable,
  row: number,
  since: number,
): Omit<RecordedCall, 'job' | 'method'> {
  const at = startOf(row)
  const number = (column: number) => numbers[at + column]!
  const time = (column: number) => number(column) - since
  const timeOrNull = (column: number) => (number(column) === 0 ? null : time(column))
  const made = time(COLUMN.made)
  const args = allArgs[row]!
  const hasRun = number(COLUMN.began) !== 0
  const { inputs, stale, error } = more.get(at) ?? NOTHING
  return {
    number: number(COLUMN.number),
    phase: number(COLUMN.phase),
    args: typeof args === 'string' ? args : inShort(args),
    inputs,
    made,
    copied: time(COLUMN.copied),
    left: timeOrNull(COLUMN.left) ?? made,
    ready: timeOrNull(COLUMN.ready) ?? made,
    worker: hasRun ? number(COLUMN.worker) : null,
    batch: hasRun ? number(COLUMN.batch) : null,
    began: timeOrNull(COLUMN.began),
    ended: timeOrNull(COLUMN.ended),
    arrived: timeOrNull(COLUMN.arrived),
    over: time(COLUMN.over),
    outcome: OUTCOMES[number(COLUMN.outcome) - 1]!,
    bytesOut: number(COLUMN.bytesOut),
    bytesIn: number(COLUMN.bytesIn),
    reruns: number(COLUMN.reruns),
    stale: stale.map((run) => ({ ...run, began: run.began - since, ended: run.ended - since })),
    error,
  }
}
