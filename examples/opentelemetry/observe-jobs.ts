// What deco-ts tells over node:diagnostics_channel, as OpenTelemetry spans and metrics. This file, job-spans.ts and job-metrics.ts are
// there to be copied: they need @opentelemetry/api and nothing else.

import { type ChannelListener, tracingChannel } from 'node:diagnostics_channel'
import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api'
import type { BatchTrace, CallTrace, PhaseTrace, SynchronizedTrace } from 'deco-ts'
import { JobMetrics } from './job-metrics.js'
import { JobSpans } from './job-spans.js'

/** Where spans and metrics go. */
export interface ObserveOptions {
  /** Default: the one that is registered for the whole process, if any. */
  readonly tracerProvider?: Pick<TracerProvider, 'getTracer'>
  /** Default: the one that is registered for the whole process, if any. */
  readonly meterProvider?: Pick<MeterProvider, 'getMeter'>
}

/** What the channels tell. */
interface Traces {
  readonly synchronized: SynchronizedTrace
  readonly phase: PhaseTrace
  readonly batch: BatchTrace
  readonly call: CallTrace
}

/**
 * Makes spans and metrics of what jobs of this thread do from now on: a span for each run of a `@synchronized` method, within it one for
 * each phase, within that one for each batch, and within that one for each call. What has begun already is left out.
 * @returns a function that ends it
 * @example
 * const stop = observeJobs()
 */
export function observeJobs({ tracerProvider = trace, meterProvider = metrics }: ObserveOptions = {}): () => void {
  const spans = new JobSpans(tracerProvider.getTracer('deco-ts'))
  const measures = new JobMetrics(meterProvider.getMeter('deco-ts'))
  const stops = [
    on('synchronized', 'start', (run) => spans.runBegan(run)),
    on('synchronized', 'asyncEnd', (run) => spans.runOver(run)),
    on('phase', 'start', (phase) => spans.phaseBegan(phase)),
    on('phase', 'asyncEnd', (phase) => spans.phaseOver(phase)),
    on('batch', 'start', (batch) => spans.batchSent(batch)),
    on('batch', 'asyncEnd', (batch) => {
      spans.batchOver(batch)
      measures.batchOver(batch)
    }),
    on('call', 'asyncStart', (call) => {
      spans.callArrived(call)
      measures.callArrived(call)
    }),
    on('call', 'asyncEnd', (call) => {
      spans.callOver(call)
      measures.callOver(call)
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function on<Name extends keyof Traces>(
  name: Name,
  event: 'start' | 'asyncStart' | 'asyncEnd',
  tell: (trace: Traces[Name]) => void,
): () => void {
  const channel = tracingChannel(`deco-ts:${name}`)[event]
  const listener = tell as ChannelListener
  channel.subscribe(listener)
  return () => channel.unsubscribe(listener)
}
