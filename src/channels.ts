// What is told over node:diagnostics_channel of calls, batches, commits, phases, workers and synchronized methods: see
// docs/tracing.md. As long as nobody listens, nothing is made.

import { tracingChannel } from 'node:diagnostics_channel'
import type { Span } from './protocol.js'

/**
 * A call of a concurrent method: the same object in all events of `deco-ts:call`, completed on the way. Times are in ms since 1970,
 * with fractions.
 */
export interface CallTrace {
  /** The job that it was made on. */
  readonly job: object
  /** Class and method: `Climate.processLatLon`. */
  readonly method: string
  /** Its place among the calls of its job, from 1 on. */
  readonly number: number
  /** The phase of its job, from 1 on. */
  readonly phase: number
  /** What it was given: not copies, and so as the program has changed them since. */
  readonly args: readonly unknown[]
  /**
   * The calls whose results it was given, as far as they were traced: a result that was there when it was made counts where it is an
   * argument, and not where it is within one.
   */
  readonly inputs: readonly CallTrace[]
  /** When it was made, when what it was given had been copied, and when the program went on. */
  readonly made: number
  readonly copied: number
  readonly left?: number | undefined
  /** When it could run, if that was not at once: calls whose results it was given, or that might change what it sees, held it back. */
  readonly ready?: number | undefined
  /** Where it ran last: the worker, as in `deco-ts:worker`, and the batch of this worker, from 1 on. Worker 0 is the program's own thread. */
  readonly worker?: number | undefined
  readonly batch?: number | undefined
  /** When its method began and ended there, reading its objects and collecting its changes included. */
  readonly began?: number | undefined
  readonly ended?: number | undefined
  /** When what came of it was here. */
  readonly arrived?: number | undefined
  /** How many bytes were sent to have it run, about, and what came back: an object that a worker holds already is not sent again. */
  readonly bytesOut: number
  readonly bytesIn: number
  /** How often it ran again because its snapshot was stale, and the runs that were in vain. */
  readonly reruns: number
  readonly stale?: readonly Span[] | undefined
  /** When it was over, and how: dropped is what a serial run would not have come to. */
  readonly over?: number | undefined
  readonly outcome?: 'committed' | 'failed' | 'dropped' | undefined
  /** What it failed with. */
  readonly error?: unknown
}

/** A batch of calls: the same object in all events of `deco-ts:batch`. */
export interface BatchTrace {
  /** The kind of executor: `threads`, `processes`. */
  readonly executor: string
  /** The worker that it was sent to, as in `deco-ts:worker`, and its place among the batches of this worker, from 1 on. */
  readonly worker: number
  readonly number: number
  /** The calls that were sent. Those that are taken back, because another worker is free, are in another batch as well. */
  readonly calls: readonly CallTrace[]
  readonly sent: number
  /** How many bytes its arguments and objects take, about, and what it brought back. */
  readonly bytesOut: number
  bytesIn: number
  /** How many calls have been reported. */
  reported: number
  /** When the last of them was. */
  over?: number
}

/** A worker of an executor: the same object in all events of `deco-ts:worker`. */
export interface WorkerTrace {
  readonly executor: string
  /** How many workers the executor may have. */
  readonly most: number
  /** Its place among the workers that all executors have started, from 1 on. */
  readonly worker: number
  /** When it was asked for, when it had imported what its first calls need, and when it was no more. */
  readonly started: number
  ready?: number
  over?: number
}

/** Calls that are committed one right after the other: the same object in both events of `deco-ts:commit`. */
export interface CommitTrace {
  readonly job: object
  readonly began: number
  ended?: number
  /** How many calls were committed. */
  calls: number
}

/** What happens between two synchronization events of a job: the same object in all events of `deco-ts:phase`. */
export interface PhaseTrace {
  readonly job: object
  /** Its place among the phases of its job, from 1 on. */
  readonly number: number
  /** When its first call was made, and when it was over. */
  readonly began: number
  over?: number
  /** How many calls were made, and how many of them failed. */
  calls: number
  failed: number
  /** What the synchronization event threw. */
  error?: unknown
}

/** A run of a `@synchronized` method in the program's own thread: the same object in all events of `deco-ts:synchronized`. */
export interface SynchronizedTrace {
  readonly job: object
  /** Class and method: `Climate.processDataSet`. */
  readonly method: string
  readonly began: number
  /** When it was over, the synchronization event at its end included. */
  over?: number
  /** What it threw. */
  error?: unknown
}

/** The tracing channels. Which event says what: see docs/tracing.md. */
export const channels = {
  call: tracingChannel<unknown, CallTrace>('deco-ts:call'),
  batch: tracingChannel<unknown, BatchTrace>('deco-ts:batch'),
  commit: tracingChannel<unknown, CommitTrace>('deco-ts:commit'),
  phase: tracingChannel<unknown, PhaseTrace>('deco-ts:phase'),
  worker: tracingChannel<unknown, WorkerTrace>('deco-ts:worker'),
  synchronized: tracingChannel<unknown, SynchronizedTrace>('deco-ts:synchronized'),
}

/** The workers that are there: who begins to listen has not been told of them. */
export const living = new Set<WorkerTrace>()
