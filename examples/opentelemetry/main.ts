// A job's spans and metrics with the OpenTelemetry SDK. They are collected in memory here, and printed; a program of yours gives the
// SDK an exporter for its collector instead.

import assert from 'node:assert/strict'
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
import { MergeSort } from './merge-sort.js'
import { observeJobs } from './observe-jobs.js'

const spanExporter = new InMemorySpanExporter()
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spanExporter)] })
const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const meterProvider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter: metricExporter })] })

observeJobs({ tracerProvider, meterProvider })

const values = Float64Array.from({ length: 200_000 }, (_, i) => Math.sin(i * i))
const sorted = await new MergeSort().sortAll(values, 8)
assert.deepEqual(sorted, values.toSorted())

await Promise.all([tracerProvider.forceFlush(), meterProvider.forceFlush()])
const spans = spanExporter.getFinishedSpans()
const [run, ...others] = spans.filter(({ parentSpanContext }) => parentSpanContext === undefined)
assert.equal(run?.name, 'MergeSort.sortAll')
assert.deepEqual(others, [])
print(run)

const metrics = metricExporter
  .getMetrics()
  .at(-1)!
  .scopeMetrics.flatMap(({ metrics }) => metrics)
for (const { descriptor, dataPoints } of metrics) {
  for (const { attributes, value } of dataPoints) {
    const { count, sum } = typeof value === 'number' ? { count: value, sum: undefined } : (value as Histogram)
    const mean = sum === undefined ? '' : `, ${(sum / count).toPrecision(3)} ${descriptor.unit} on the average`
    console.log(`${descriptor.name} ${Object.values(attributes).join(' ')}: ${count}${mean}`)
  }
}

// Eight parts make seven merges, each of which links to the two calls whose results it merged.
const calls = spans.filter(({ attributes }) => attributes['deco.call.number'] !== undefined)
assert.deepEqual([calls.length, calls.flatMap(({ links }) => links).length], [15, 14])
await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()])

function print(span: ReadableSpan, indent = ''): void {
  const { name, duration, attributes, links } = span
  const milliseconds = duration[0] * 1000 + duration[1] / 1e6
  const of = ['deco.phase.number', 'deco.worker', 'deco.call.number'].find((key) => key in attributes)
  const label = of === undefined ? '' : ` ${of === 'deco.worker' ? 'on worker ' : ''}${attributes[of]}`
  const after = links.map(({ context }) => spans.find((other) => other.spanContext().spanId === context.spanId))
  const uses = after.map((other) => other?.attributes['deco.call.number']).join(' and ')
  console.log(`${indent}${name}${label}, ${milliseconds.toFixed(2)} ms${uses && `, of calls ${uses}`}`)
  for (const child of spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === span.spanContext().spanId))
    print(child, `${indent}  `)
}
