// What the OpenTelemetry example exports, to collectors in memory: spans nest, and spans and metrics add up to what the channels tell.

import { context, SpanStatusCode } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import test from 'ava'
import { inline, threads } from '../../src/index.js'
import { Numbers } from '../fixtures/numbers.js'
import { Collected, childrenOf, named, nanoseconds } from '../helpers/collected.js'

const executor = threads({ workers: 2 })
test.after.always(() => executor.close())

// A test hears all jobs of this process: one at a time.

test.serial('method, phases, batches and calls nest, and add up', async (t) => {
  const collected = new Collected(t)
  const job = new Numbers({ executor })
  await job.run(async (job) => {
    for (let n = 0; n < 300; n++) job.square(n)
    await job.wait()
    for (let n = 0; n < 50; n++) job.later(n)
  })
  const { spans } = await collected.end()
  const [run, ...others] = named(spans, 'Numbers.run')
  t.deepEqual(others, [])
  t.is(run!.parentSpanContext, undefined)
  const phases = childrenOf(run!, spans)
  t.deepEqual(
    phases.map(({ name, attributes }) => [name, attributes['deco.phase.number'], attributes['deco.phase.calls']]),
    [
      ['phase', 1, 300],
      ['phase', 2, 50],
    ],
  )
  for (const [phase, method] of [
    [phases[0]!, 'Numbers.square'],
    [phases[1]!, 'Numbers.later'],
  ] as const) {
    const batches = childrenOf(phase, spans)
    t.true(batches.every(({ name }) => name === 'batch'))
    for (const batch of batches) {
      const calls = childrenOf(batch, spans)
      t.is(batch.attributes['deco.batch.calls'], calls.length)
      t.true(calls.every(({ name, attributes }) => name === method && attributes['deco.call.outcome'] === 'committed'))
    }
  }
})

test.serial('a call links to those whose results it was given', async (t) => {
  const collected = new Collected(t)
  const job = new Numbers({ executor })
  t.is(await job.run((job) => job.add(job.square(2), job.square(3))), 13)
  const { spans } = await collected.end()
  const [sum] = named(spans, 'Numbers.add')
  const squares = named(spans, 'Numbers.square')
  t.deepEqual(
    sum!.links.map(({ context }) => context.spanId).sort(),
    squares.map((span) => span.spanContext().spanId).sort(),
  )
  t.true(squares.every(({ endTime }) => nanoseconds(endTime) <= nanoseconds(sum!.startTime)))
})

test.serial('it does so if their results were there when it was made', async (t) => {
  const collected = new Collected(t)
  const job = new Numbers({ executor })
  await job.run(async (job) => {
    const square = job.square(2)
    await square
    return job.add(square, square)
  })
  const { spans } = await collected.end()
  const [square] = named(spans, 'Numbers.square')
  const links = named(spans, 'Numbers.add')[0]!.links
  t.deepEqual(
    links.map(({ context }) => context.spanId),
    [square!.spanContext().spanId],
  )
})

test.serial('a call that fails, and those that are dropped after it', async (t) => {
  const collected = new Collected(t)
  const job = new Numbers({ executor })
  await t.throwsAsync(
    job.run((job) => {
      for (let n = 0; n < 200; n++) job.failFrom(n, 120)
    }),
    { instanceOf: RangeError, message: 'number 120' },
  )
  const { spans } = await collected.end()
  const calls = named(spans, 'Numbers.failFrom')
  const withOutcome = (outcome: string) => calls.filter(({ attributes }) => attributes['deco.call.outcome'] === outcome)
  t.is(withOutcome('committed').length, 120)
  t.is(withOutcome('dropped').length, 79)
  const [failed, ...others] = withOutcome('failed')
  t.deepEqual(others, [])
  t.is(failed!.attributes['deco.call.number'], 121)
  for (const span of [failed!, ...named(spans, 'phase'), ...named(spans, 'Numbers.run')]) {
    t.deepEqual(span.status, { code: SpanStatusCode.ERROR, message: 'number 120' })
    t.is(span.events[0]?.attributes?.['exception.message'], 'number 120')
  }
  t.true(withOutcome('dropped').every(({ status }) => status.code === SpanStatusCode.UNSET))
})

test.serial('a call that runs again has a span for each time', async (t) => {
  const collected = new Collected(t)
  const job = new Numbers({ executor })
  const total = { n: 0 }
  await job.run((job) => {
    for (let n = 0; n < 20; n++) job.countAgain(total)
  })
  t.is(total.n, 20)
  const { spans, reruns } = await collected.end()
  t.true(reruns > 0, 'none was stale: the test shows nothing')
  const calls = named(spans, 'Numbers.countAgain')
  t.is(calls.length, 20 + reruns)
  const committed = calls.filter(({ attributes }) => attributes['deco.call.outcome'] === 'committed')
  t.is(committed.length, 20)
  const stale = calls.filter(({ attributes }) => attributes['deco.call.outcome'] === 'stale')
  t.is(stale.length, reruns)
  for (const { attributes, links } of committed.filter(({ attributes }) => attributes['deco.call.reruns'] !== 0)) {
    const before = stale.find((span) => span.spanContext().spanId === links[0]!.context.spanId)
    t.is(before?.attributes['deco.call.number'], attributes['deco.call.number'])
  }
})

test.serial('calls of jobs that run at the same time stay apart, even where they travel together', async (t) => {
  const collected = new Collected(t)
  const jobs = Array.from({ length: 5 }, () => new Numbers({ executor }))
  await Promise.all(
    jobs.map((job) =>
      job.run((job) => {
        for (let n = 0; n < 100; n++) job.square(n)
      }),
    ),
  )
  const { spans } = await collected.end()
  const phases = named(spans, 'phase')
  t.is(phases.length, 5)
  t.is(new Set(phases.map(({ parentSpanContext }) => parentSpanContext?.spanId)).size, 5)
})

test.serial('without a synchronized method phases lie within what the program is doing', async (t) => {
  const collected = new Collected(t)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  t.teardown(() => context.disable())
  const tracer = collected.tracer
  await tracer.startActiveSpan('request', async (span) => {
    const job = new Numbers({ executor })
    job.square(2)
    await job.wait()
    span.end()
  })
  const { spans } = await collected.end()
  const [phase] = named(spans, 'phase')
  t.is(phase!.parentSpanContext?.spanId, named(spans, 'request')[0]!.spanContext().spanId)
})

test.serial('calls that run inline have no batch', async (t) => {
  const collected = new Collected(t)
  new Numbers({ executor: inline() }).squares(10)
  const { spans } = await collected.end()
  t.is(named(spans, 'batch').length, 0)
  t.is(childrenOf(named(spans, 'phase')[0]!, spans).length, 10)
})

test.serial('what ends while nobody observes is not told', async (t) => {
  const collected = new Collected(t)
  const job = new Numbers({ executor })
  job.square(2)
  collected.stop()
  await job.wait()
  job.square(3)
  await job.wait()
  t.deepEqual(collected.exporter.getFinishedSpans(), [])
})
