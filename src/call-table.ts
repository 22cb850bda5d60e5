import { type ChannelListener, channel } from 'node:diagnostics_channel'
import type { Span } from './protocol.js'

/** Numbers of calls that are told of, by their places in a row of a `CallTable`. Times are in ms since 1970, and 0 where there is none. */
export const COLUMN = {
  job: 0,
  number: 1,
  phase: 2,
  made: 3,
  copied: 4,
  left: 5,
  ready: 6,
  worker: 7,
  batch: 8,
  began: 9,
  ended: 10,
  arrived: 11,
  over: 12,
  outcome: 13,
  bytesOut: 14,
  bytesIn: 15,
  reruns: 16,
} as const

/** How a call ended, by its number in the table, from 1 on. */
export const OUTCOMES = ['committed', 'failed', 'dropped'] as const

/** What few calls have that are over, by where their numbers begin. */
export interface More {
  readonly inputs: readonly number[]
  readonly stale: readonly Span[]
  readonly error: string | null
}

const ROWS = 512
const COLUMNS = Object.keys(COLUMN).length

/**
 * So many calls that are told of, one right after the other: a time in a property of its own would be an object of its own. Those who
 * record calls keep the tables.
 */
export class CallTable {
  readonly numbers = new Float64Array(ROWS * COLUMNS)
  /** How many calls there are in it: who has no room for the table keeps this alone. */
  readonly filled = { rows: 0 }
  /** Whether somebody keeps it. What follows is filled only then. */
  readonly isKept: boolean
  readonly methods = new Array<string>(ROWS)
  /** Arguments that cannot change, or what is to be told of them. */
  readonly args = new Array<string | readonly unknown[]>(ROWS)
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

/** Where the numbers of a call begin. */
export function startOf(row: number): number {
  return row * COLUMNS
}

// By channels, as all else that is told, since a program may have several copies of this module: the number is that of the table's form.
const tables = channel('deco-ts:call-tables:1')
const cuts = channel('deco-ts:call-tables:1:cut')

let table: CallTable | undefined
cuts.subscribe(() => {
  table = undefined
})

/** Whether somebody keeps calls. */
export function areKept(): boolean {
  return tables.hasSubscribers
}

/** The table that the next call goes into: its last row is the call's. */
export function tableForNext(): CallTable {
  if (table === undefined || table.filled.rows === ROWS) {
    table = new CallTable(areKept())
    tables.publish(table)
  }
  table.filled.rows++
  return table
}

/** Gives the tables of all calls that are made from now on, until the function that is returned is called. */
export function keepCalls(take: (table: CallTable) => void): () => void {
  const listener = take as ChannelListener
  tables.subscribe(listener)
  cuts.publish(undefined)
  return () => {
    tables.unsubscribe(listener)
    cuts.publish(undefined)
  }
}
