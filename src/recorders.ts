import type { CallTable } from './call-table.js'
import type { BatchTrace, CommitTrace, PhaseTrace, WorkerTrace } from './channels.js'

/** Who is told all that is told over the channels, as far as it makes a recording. */
export interface Recorder {
  /** The next calls go into this table. */
  table(table: CallTable): void
  batchSent(batch: BatchTrace): void
  batchOver(batch: BatchTrace): void
  committed(commit: CommitTrace): void
  phaseBegan(phase: PhaseTrace): void
  workerStarted(worker: WorkerTrace): void
}

interface Recorders {
  readonly all: Recorder[]
  /** Changes with them. */
  version: number
}

// Those of all copies of this module that the thread has: the number is that of the form of what they are told.
const RECORDERS = Symbol.for('deco-ts.recorders:1')
const known = globalThis as { [RECORDERS]?: Recorders }
known[RECORDERS] ??= { all: [], version: 0 }

/**
 * Who records now. They do not listen to the channels: where one is listened to for the first time, all code that looks at it has to be
 * compiled anew.
 */
export const recorders: Recorders = known[RECORDERS]

/** Has somebody told all from now on, until the function that is returned is called. */
export function recordTo(recorder: Recorder): () => void {
  recorders.all.push(recorder)
  recorders.version++
  return () => {
    const at = recorders.all.indexOf(recorder)
    if (at === -1) return
    recorders.all.splice(at, 1)
    recorders.version++
  }
}

/** Whether anybody records. */
export function isRecorded(): boolean {
  return recorders.all.length > 0
}
