import type { Span } from './protocol.js'

/**
 * Times of calls that are told of, in ms since 1970, and 0 where there is none, and bytes: by their places in a row of a `CallTable`.
 */
export const NUMBER = {
  made: 0,
  copied: 1,
  left: 2,
  ready: 3,
  began: 4,
  ended: 5,
  arrived: 6,
  over: 7,
  bytesOut: 8,
  bytesIn: 9,
} as const

/** Counts, by their places in a row. */
export const COUNT = {
  job: 0,
  number: 1,
  phase: 2,
  worker: 3,
  batch: 4,
  outcome: 5,
  reruns: 6,
} as const

/** How a call ended, by its number in the table, from 1 on. */
export const OUTCOMES = ['committed', 'failed', 'dropped'] as const

/** What few calls have that are over. */
export interface More {
  readonly inputs: readonly number[]
  readonly stale: readonly Span[]
  readonly error: string | null
}

/** How many calls a table holds. */
export const ROWS = 512
/** How many there are of each in a row. */
export const NUMBERS = Object.keys(NUMBER).length
export const COUNTS = Object.keys(COUNT).length

/**
 * So many calls that are told of, one right after the other: a time in a property of its own would be an object of its own. Those who
 * record calls keep the tables.
 */
export class CallTable {
  readonly numbers = new Float64Array(ROWS * NUMBERS)
  readonly counts = new Uint32Array(ROWS * COUNTS)
  /** How many calls there are in it: who has no room for the table keeps this alone. */
  readonly filled = { rows: 0 }
  /** Whether somebody keeps it. What follows is filled only then. */
  readonly isKept: boolean
  readonly methods = new Array<string>(ROWS)
  /** Arguments that cannot change, or what is to be told of them. */
  readonly args = new Array<string | readonly unknown[]>(ROWS)
  /** By row. */
  readonly more = new Map<number, More>()
  /** The jobs of its calls: these are known by their places here. */
  readonly jobs: object[] = []

  constructor(isKept: boolean) {
    this.isKept = isKept
  }

  /** The place of a job. */
  placeOf(job: object): number {
    const place = this.jobs.lastIndexOf(job)
    return place === -1 ? this.jobs.push(job) - 1 : place
  }
}
