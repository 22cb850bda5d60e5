import type { Channel, ChannelListener } from 'node:diagnostics_channel'
import {
  AggregationTemporality,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import type { ExecutionContext } from 'ava'
import { observeJobs } from '../../examples/opentelemetry/observe-jobs.js'
import { type BatchTrace, type CallTrace, channels } from '../../src/channels.js'

/** All that is exported from its construction on. At the end spans and metrics are compared with what the channels tell. */
export class Collected {
  readonly exporter = new InMemorySpanExporter()
  readonly #t: ExecutionContext
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  readonly #tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.exporter)] })
  readonly #meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: 3_600_000 })],
  })
  readonly #stops: (() => void)[]
  // Every run of a call, and every call that is over, as the channels tell of them.
  readonly #runs: { method: string; took: number; waited: number | undefined }[] = []
  readonly #over: CallTrace[] = []
  #reported = 0

  constructor(t: ExecutionContext) {
    this.#t = t
    const on = <T>(channel: Channel, tell: (trace: T) => void) => {
      channel.subscribe(tell as ChannelListener)
      return () => channel.unsubscribe(tell as ChannelListener)
    }
    this.#stops = [
      observeJobs({ tracerProvider: this.#tracerProvider, meterProvider: this.#meterProvider }),
      on(channels.call.asyncStart, (call: CallTrace) => this.#ran(call)),
      on(channels.call.asyncEnd, (call: CallTrace) => this.#over.push(call)),
      on(channels.batch.asyncEnd, ({ reported }: BatchTrace) => {
        this.#reported += reported
      }),
    ]
    t.teardown(() => this.#close())
  }

  get tracer() {
    return this.#tracerProvider.getTracer('the program')
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop()
  }

  async end(): Promise<{ spans: ReadableSpan[]; reruns: number }> {
    this.stop()
    await Promise.all([this.#meterProvider.forceFlush(), this.#tracerProvider.forceFlush()])
    const spans = this.exporter.getFinishedSpans()
    this.#spansNest(spans)
    this.#callsAddUp(spans)
    this.#metricsAddUp()
    return { spans, reruns: sumOf(this.#over.map(({ reruns }) => reruns)) }
  }

  async #close(): Promise<void> {
    this.stop()
    await Promise.all([this.#meterProvider.shutdown(), this.#tracerProvider.shutdown()])
  }

  #ran({ method, made, began, ended, reruns }: CallTrace): void {
    if (began === undefined || ended === undefined) return
    this.#runs.push({ method, took: ended - began, waited: reruns === 0 ? Math.max(0, began - made) : undefined })
  }

  #spansNest(spans: readonly ReadableSpan[]): void {
    const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]))
    for (const span of spans) {
      const parent = byId.get(span.parentSpanContext?.spanId ?? '')
      this.#t.is(parent === undefined, span.parentSpanContext === undefined, `the parent of ${span.name} is missing`)
      if (parent === undefined) continue
      this.#t.is(span.spanContext().traceId, parent.spanContext().traceId)
      // The SDK times the program's own spans by another clock.
      if (parent.instrumentationScope.name !== 'deco-ts') continue
      const within = `${span.name} lies within its ${parent.name}`
      this.#t.true(nanoseconds(span.startTime) >= nanoseconds(parent.startTime), within)
      this.#t.true(nanoseconds(span.endTime) <= nanoseconds(parent.endTime), within)
    }
  }

  #callsAddUp(spans: readonly ReadableSpan[]): void {
    for (const phase of named(spans, 'phase')) {
      const children = childrenOf(phase, spans)
      const calls = children.flatMap((child) => (child.name === 'batch' ? childrenOf(child, spans) : [child]))
      const numbers = new Set(calls.map(({ attributes }) => attributes['deco.call.number']))
      this.#t.is(phase.attributes['deco.phase.calls'], numbers.size)
      const again = calls.filter(({ attributes }) => attributes['deco.call.outcome'] === 'stale')
      this.#t.is(calls.length, numbers.size + again.length)
    }
    const calls = spans.filter(({ attributes }) => attributes['deco.call.number'] !== undefined)
    this.#t.is(calls.length, sumOf(this.#over.map(({ reruns }) => 1 + reruns)))
  }

  #metricsAddUp(): void {
    const took = this.#runs.map(({ took }) => took / 1000)
    const waited = this.#runs.flatMap(({ waited }) => (waited === undefined ? [] : waited / 1000))
    this.#isHistogram('deco.call.duration', took)
    this.#isHistogram('deco.call.queue.duration', waited)
    const sizes = this.#points('deco.batch.size') as Histogram[]
    this.#t.is(sumOf(sizes.map(({ sum }) => sum!)), this.#reported)
    this.#t.is(sumOf(this.#points('deco.calls') as number[]), this.#over.length)
  }

  #isHistogram(name: string, values: readonly number[]): void {
    const histograms = this.#points(name) as Histogram[]
    const total = sumOf(values)
    this.#t.is(sumOf(histograms.map(({ count }) => count)), values.length)
    this.#t.is(sumOf(histograms.flatMap(({ buckets }) => buckets.counts)), values.length)
    // Added up in another order.
    this.#t.true(Math.abs(sumOf(histograms.map(({ sum }) => sum!)) - total) <= 1e-9 * total, name)
  }

  #points(name: string): unknown[] {
    const { scopeMetrics = [] } = this.#metrics.getMetrics().at(-1) ?? {}
    const metric = scopeMetrics.flatMap(({ metrics }) => metrics).find(({ descriptor }) => descriptor.name === name)
    return metric?.dataPoints.map(({ value }) => value) ?? []
  }
}

export function named(spans: readonly ReadableSpan[], name: string): ReadableSpan[] {
  return spans.filter((span) => span.name === name)
}

export function childrenOf(parent: ReadableSpan, spans: readonly ReadableSpan[]): ReadableSpan[] {
  return spans
    .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent.spanContext().spanId)
    .sort((a, b) => Number(nanoseconds(a.startTime) - nanoseconds(b.startTime)))
}

export function nanoseconds([seconds, nanoseconds]: readonly [number, number]): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
