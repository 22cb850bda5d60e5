import type { Histogram } from './histogram.js'
import type { MethodFigures } from './methods.js'
import type { Verdict } from './verdict.js'

/** What a timeline page is given. Times of calls, batches and commits are whole numbers of ticks, all others are in ms. */
export interface PageData {
  /** Ticks in a millisecond. */
  readonly ticks: number
  /** When the recording began, in ms since 1970, and how long it lasted. */
  readonly began: number
  readonly length: number
  readonly node: string
  readonly processors: number
  /** Calls that were not kept. */
  readonly missing: number
  readonly jobs: readonly string[]
  readonly methods: readonly string[]
  readonly workers: readonly PageWorker[]
  readonly calls: CallColumns
  readonly batches: BatchColumns
  readonly commits: {
    readonly began: readonly number[]
    readonly length: readonly number[]
    readonly calls: readonly number[]
  }
  readonly figures: readonly MethodFigures[]
  /** Run times of calls in ms, and numbers of calls in a batch. */
  readonly lengths: Histogram
  readonly sizes: Histogram
  readonly verdict: Verdict
}

export interface PageWorker {
  readonly worker: number
  readonly executor: string
  readonly started: number
  readonly ready: number | null
  readonly over: number | null
}

/** Calls in the order in which they were made: a number of each in every list. Where there is none, -1. */
export interface CallColumns {
  readonly job: readonly number[]
  readonly method: readonly number[]
  readonly number: readonly number[]
  readonly phase: readonly number[]
  readonly args: readonly string[]
  /** Since the call before. */
  readonly made: readonly number[]
  /** All since it was made. */
  readonly left: readonly number[]
  readonly ready: readonly number[]
  readonly arrived: readonly number[]
  readonly over: readonly number[]
  readonly worker: readonly number[]
  readonly batch: readonly number[]
  /** Since it was made, and since then. */
  readonly began: readonly number[]
  readonly ran: readonly number[]
  readonly bytesOut: readonly number[]
  readonly bytesIn: readonly number[]
  /** 0: committed; 1: failed; 2: dropped. */
  readonly outcome: readonly number[]
  /** Of the few that have something: what they failed with; the calls whose results they were given; and what they ran in vain. */
  readonly errors: readonly (readonly [call: number, error: string])[]
  readonly inputs: readonly (readonly [call: number, numbers: readonly number[]])[]
  readonly stale: readonly (readonly [call: number, worker: number, began: number, ran: number])[]
}

export interface BatchColumns {
  readonly worker: readonly number[]
  readonly number: readonly number[]
  readonly calls: readonly number[]
  readonly sent: readonly number[]
  /** Since it was sent. */
  readonly over: readonly number[]
  readonly bytesOut: readonly number[]
  readonly bytesIn: readonly number[]
}
