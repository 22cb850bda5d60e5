import type { UnitRef } from './wire/batch.js'

/** A batch that is in the queue, or with a host. */
export interface Outstanding {
  readonly number: number
  readonly jobId: string
  /** What users call the method of its first call. */
  readonly name: string
  /** Number of calls. */
  readonly calls: number
  readonly unitIds: readonly number[]
  /** Those of its units that are in Redis. */
  readonly stored: readonly UnitRef[]
  readonly since: number
  /** Calls that nobody waits for. */
  readonly cancelled: Set<number>
  /** What was amiss when it was looked after last. */
  amiss: 'missing' | 'failed' | undefined
}
