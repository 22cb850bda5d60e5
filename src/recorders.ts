import type { CallTable } from './call-table.js'
import type { BatchTrace, CommitTrace, PhaseTrace, WorkerTrace } from './channels.js'

/** Who is told all that is told over the channels, as far as it makes a recording. */
export interface Recorder {
  /** The next calls go into this table, after so many that are none of its business. */
  table(table: CallTable, from: number): void
  batchSent(batch: BatchTrace): void
  batchOver(batch: BatchTrace): void
  committed(commit: CommitTrace): void
  phaseBegan(phase: PhaseTrace): void
  workerStarted(worker: WorkerTrace): void
}

/** Who makes tables. */
interface TableMaker {
  /** One more records. */
  begin(recorder: Recorder): void
  /** Nobody records any more. */
  end(): void
}

interface Recorders {
  readonly all: Recorder[]
  readonly makers: TableMaker[]
}

// Those of all copies of this module that the thread has: the number is that of the form of what they are told.
const RECORDERS = Symbol.for('deco-ts.recorders:1')
const known = globalThis as { [RECORDERS]?: Recorders }
known[RECORDERS] ??= { all: [], makers: [] }

/**
 * Who records now. They do not listen to the channels: where one is listened to for the first time, all code that looks at it has to be
 * compiled anew.
 */
export const recorders: Recorders = known[RECORDERS]

/** Has somebody told all from now on, until the function that is returned is called. */
export function recordTo(recorder: Recorder): () => void {
  recorders.all.push(recorder)
  for (const maker of recorders.makers) maker.begin(recorder)
  return () => {
    const at = recorders.all.indexOf(recorder)
    if (at === -1) return
    recorders.all.splice(at, 1)
    if (recorders.all.length === 0) for (const maker of recorders.makers) maker.end()
  }
}

/** Whether anybody records. */
export function isRecorded(): boolean {
  return recorders.all.length > 0
}
