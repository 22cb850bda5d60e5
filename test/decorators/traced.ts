import type { ChannelListener } from 'node:diagnostics_channel'
import test, { type ExecutionContext } from 'ava'
import { channels, type SynchronizedTrace } from '../../src/channels.js'
import { inline } from '../../src/index.js'
import { Numbers } from '../fixtures/numbers.js'

/** The events of one job, in order. */
function listen(t: ExecutionContext, job: object): [event: string, trace: SynchronizedTrace][] {
  const events: [string, SynchronizedTrace][] = []
  for (const event of ['start', 'error', 'asyncEnd'] as const) {
    const channel = channels.synchronized[event]
    const listener = ((trace: SynchronizedTrace) => trace.job === job && events.push([event, trace])) as ChannelListener
    channel.subscribe(listener)
    t.teardown(() => channel.unsubscribe(listener))
  }
  return events
}

test('a plain method is told of when it begins and when all its calls are committed', (t) => {
  const job = new Numbers({ executor: inline() })
  const events = listen(t, job)
  let pending: number | undefined
  channels.synchronized.asyncEnd.subscribe(overWith)
  t.teardown(() => channels.synchronized.asyncEnd.unsubscribe(overWith))
  function overWith(): void {
    pending = job.pending
  }
  const squares = job.block((job) => {
    t.deepEqual(
      events.map(([event]) => event),
      ['start'],
    )
    return [job.square(2), job.square(3)]
  })
  t.deepEqual(squares, [4, 9])
  t.is(pending, 0)
  const [[, trace], ...rest] = events as [(typeof events)[0], ...typeof events]
  t.deepEqual(
    rest.map(([event, it]) => [event, it === trace]),
    [['asyncEnd', true]],
  )
  t.is(trace.method, 'Numbers.block')
  t.true(trace.over! >= trace.began)
  t.false('error' in trace)
})

test('an async one is over when its promise settles, and what it throws is told first', async (t) => {
  const job = new Numbers({ executor: inline() })
  const events = listen(t, job)
  const error = await t.throwsAsync(job.run(async (job) => job.fail(1)))
  t.deepEqual(
    events.map(([event]) => event),
    ['start', 'error', 'asyncEnd'],
  )
  t.is(events[1]![1].error, error)
})

test('the error of a plain one is told, too', (t) => {
  const job = new Numbers({ executor: inline() })
  const events = listen(t, job)
  const error = t.throws(() => job.block((job) => job.fail(1)))
  t.deepEqual(
    events.map(([event]) => event),
    ['start', 'error', 'asyncEnd'],
  )
  t.is(events[1]![1].error, error)
  const { method, began, over } = events[2]![1]
  t.is(method, 'Numbers.block')
  t.true(over! >= began)
})

test('one within another is told of between its events', async (t) => {
  const job = new Numbers({ executor: inline() })
  const events = listen(t, job)
  t.is(await job.run(() => job.block((job) => job.square(2))), 4)
  t.deepEqual(
    events.map(([event, { method }]) => `${event} ${method}`),
    ['start Numbers.run', 'start Numbers.block', 'asyncEnd Numbers.block', 'asyncEnd Numbers.run'],
  )
})
