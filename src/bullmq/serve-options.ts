import type { QueueOptions } from './queue-options.js'

/** Something that happened on a host. */
export interface HostEvent {
  /**
   * `ready` and `closed`: the host serves, has left. `refused`: a batch, or calls of it, were not run, and why. `dropped`: nobody waits
   * for a batch any more. `error`: what went wrong with Redis.
   */
  readonly event: 'ready' | 'closed' | 'refused' | 'dropped' | 'error'
  /** The host, by its `id`. */
  readonly host: string
  /** What happened, in a sentence. */
  readonly message: string
}

/** Options of `serve()`. */
export interface ServeOptions extends QueueOptions {
  /**
   * The folder below which the modules of jobs lie. Nothing outside of it is imported for a call, but any module within may be: give a
   * folder that holds nothing else. A module must be the same here as where the call is made, with all files that it imports by a
   * relative path, and stay so until the host is started again; what packages say is not compared.
   */
  readonly root: string
  /** Number of lanes: worker threads that run calls. Default: as many as the machine has processors. */
  readonly concurrency?: number
  /**
   * Milliseconds after which a host of which nothing is heard is taken for dead: its batches are then run by others. The same on all
   * hosts of a queue. Default: 15,000.
   */
  readonly deadAfter?: number
  /** Takes what happens. Default: a line each to standard error. */
  readonly log?: (event: HostEvent) => void
}

/** A machine that serves a queue. */
export interface HostHandle extends AsyncDisposable {
  /** Its name in errors and logs. */
  readonly id: string
  /** What it is doing, and what it has done so far. */
  readonly state: {
    /** Worker threads. */
    readonly lanes: number
    /** Batches that run now. */
    readonly running: number
    /** Batches that have been run. */
    readonly batches: number
    /** Calls that have been run. */
    readonly calls: number
    /** Calls that threw, or could not be run. */
    readonly failed: number
    /** Batches that were not run: of other code, tampered with, and so on. */
    readonly refused: number
    /** Whether Redis has answered within `deadAfter`: otherwise others take this host for dead. */
    readonly isConnected: boolean
  }
  /**
   * Takes no more batches, hands back those that wait, finishes those that run, and leaves. Those that take longer are handed back
   * as well: others run them anew.
   * @param options.within milliseconds that they may take. Default: 10,000
   */
  close(options?: { readonly within?: number }): Promise<void>
}
