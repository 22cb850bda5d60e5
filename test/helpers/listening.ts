import { type TracingChannel, type TracingChannelSubscribers, tracingChannel } from 'node:diagnostics_channel'
import type { BatchTrace, CallTrace, CommitTrace, PhaseTrace, WorkerTrace } from '../../src/index.js'

interface Traces {
  call: CallTrace
  batch: BatchTrace
  commit: CommitTrace
  phase: PhaseTrace
  worker: WorkerTrace
}

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const

/** Hears what is told over one of the channels of deco-ts, as users do, until it is disposed of. */
export class Listening<K extends keyof Traces> implements Disposable {
  /** What was told, in the order in which it was. */
  readonly told: { readonly event: (typeof EVENTS)[number]; readonly trace: Traces[K] }[] = []
  readonly #channel: TracingChannel<unknown, Traces[K] & object>
  readonly #subscribers: TracingChannelSubscribers<Traces[K] & object>

  constructor(kind: K) {
    this.#channel = tracingChannel<unknown, Traces[K] & object>(`deco-ts:${kind}`)
    const told = (event: (typeof EVENTS)[number]) => (trace: unknown) => {
      this.told.push({ event, trace: trace as Traces[K] })
    }
    this.#subscribers = Object.fromEntries(EVENTS.map((event) => [event, told(event)])) as never
    this.#channel.subscribe(this.#subscribers)
  }

  /** Whatever was told of, once each, in the order of their first events. */
  get traces(): Traces[K][] {
    return [...new Set(this.told.map(({ trace }) => trace))]
  }

  /** The events that were told of one. */
  of(trace: Traces[K]): string {
    return this.told
      .filter((told) => told.trace === trace)
      .map(({ event }) => event)
      .join()
  }

  [Symbol.dispose](): void {
    this.#channel.unsubscribe(this.#subscribers)
  }
}
