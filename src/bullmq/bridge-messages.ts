import type { Batch, Encoded } from '../protocol.js'
import type { QueueOptions } from './queue-options.js'
import type { HostReport } from './wire/report.js'

/** What the thread is started with that speaks with Redis for the main thread. */
export interface BridgeSetup<Port = unknown> {
  readonly port: Port
  /** Never used, only held: it closes when the thread ends. */
  readonly pulse: Port
  /** Counts what is posted to the main thread, which sleeps on it when it is blocked. */
  readonly answered: Int32Array
  readonly producer: ProducerOptions
}

/** What the Redis side of an executor goes by. */
export interface ProducerOptions extends QueueOptions {
  readonly prefix: string
  readonly root: string
  readonly timeout: number
}

/** Main thread → bridge. */
export type ToBridge =
  | {
      readonly batch: number
      /** As for a worker: routes and units that the bridge has are not told again. */
      readonly content: Batch
      /** The bridge is told everything again. */
      readonly isAnew: boolean
    }
  | { readonly cancel: number; readonly calls: readonly number[] }
  | { readonly close: true }

/** Bridge → main thread. */
export type FromBridge =
  | { readonly report: TakenReport }
  /** The batch, or a unit of it, is no longer in Redis: it must be sent again, with all that it takes. */
  | { readonly lost: number }
  | FailedBatch
  /** Number of lanes of all hosts that serve the queue. */
  | { readonly lanes: number }
  /** There is no bridge. */
  | { readonly broken: Encoded }

/** A report, where shared values that were written to go by the ids of their units. */
export type TakenReport = Omit<HostReport, 'producer' | 'host' | 'lanes' | 'refused'>

/** A batch that cannot be sent, is refused, or has nobody to run it. */
export interface FailedBatch {
  readonly failed: number
  readonly error: Encoded
  /** It may be the fault of one of its calls: nothing of it has been run, and others may go without that one. */
  readonly isDivisible?: boolean
}
