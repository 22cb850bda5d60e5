/** What was recorded of a run, as plain data: it can be written as JSON and read again. Times are in ms since `began`. */
export interface Trace {
  readonly version: 1
  /** When the recording began, in ms since 1970, and how long it lasted. */
  readonly began: number
  readonly length: number
  readonly node: string
  /** Number of processors that the machine has. */
  readonly processors: number
  /** Classes of the jobs, by their numbers: a job is a place in this list. */
  readonly jobs: readonly string[]
  /** `Climate.processLatLon`: a method is a place in this list. */
  readonly methods: readonly string[]
  readonly calls: readonly RecordedCall[]
  readonly batches: readonly RecordedBatch[]
  readonly workers: readonly RecordedWorker[]
  readonly commits: readonly RecordedCommit[]
  readonly phases: readonly RecordedPhase[]
  /** How many calls there were beyond those that were kept: see `RecordOptions.calls`. */
  readonly missing: number
}

/** A call. Where it never came so far, a time is `null`. */
export interface RecordedCall {
  readonly job: number
  readonly method: number
  /** Its place among the calls of its job, from 1 on. */
  readonly number: number
  readonly phase: number
  /** Its arguments in short, as they were when it was made. */
  readonly args: string
  /** The numbers of the calls whose results it was given. */
  readonly inputs: readonly number[]
  readonly made: number
  /** When what it was given had been copied, when the program went on, and when it could run: later than `made` if others held it back. */
  readonly copied: number
  readonly left: number
  readonly ready: number
  /** Where it ran last. Worker 0 is the program's own thread. */
  readonly worker: number | null
  readonly batch: number | null
  readonly began: number | null
  readonly ended: number | null
  readonly arrived: number | null
  readonly over: number
  readonly outcome: 'committed' | 'failed' | 'dropped'
  /** About how many bytes were sent for it, and came back. */
  readonly bytesOut: number
  readonly bytesIn: number
  /** How often it ran again because its snapshot was stale, and the runs that were in vain. */
  readonly reruns: number
  readonly stale: readonly RecordedRun[]
  readonly error: string | null
}

/** A run of a method. */
export interface RecordedRun {
  readonly worker: number
  readonly batch: number
  readonly began: number
  readonly ended: number
}

/** Calls that travelled together. */
export interface RecordedBatch {
  readonly executor: string
  readonly worker: number
  /** Its place among the batches of its worker, from 1 on. */
  readonly number: number
  readonly calls: number
  readonly sent: number
  readonly over: number | null
  readonly bytesOut: number
  readonly bytesIn: number
}

/** A worker, from when it was asked for to its end: before `began`, where times are negative, if it was there already. */
export interface RecordedWorker {
  readonly executor: string
  /** How many workers the executor may have. */
  readonly most: number
  readonly worker: number
  readonly started: number
  readonly ready: number | null
  readonly over: number | null
}

/** Calls that were committed one right after the other. */
export interface RecordedCommit {
  readonly job: number
  readonly began: number
  readonly ended: number
  readonly calls: number
}

/** What happened between two synchronization events of a job. */
export interface RecordedPhase {
  readonly job: number
  readonly number: number
  readonly began: number
  readonly over: number | null
  readonly calls: number
  readonly failed: number
}
