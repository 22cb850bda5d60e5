import { MessageChannel } from 'node:worker_threads'
import test from 'ava'
import fc from 'fast-check'
import { startWorker } from '../../src/executors/pool.js'
import { Sent } from '../../src/executors/sent.js'
import type { Batch, Report } from '../../src/protocol.js'
import { SharedStarts } from '../../src/starts.js'
import { checkBatch } from '../../src/worker/check-batch.js'
import { Outbox } from '../../src/worker/outbox.js'
import { Runner } from '../../src/worker/run.js'
import { Hostile } from '../fixtures/hostile.js'
import { callsOf } from '../helpers/calls.js'
import { anything, mutated, number, runs } from '../helpers/fuzz.js'
import { watchPrototypes } from '../helpers/prototypes.js'

const changed = watchPrototypes()
test.after.always('no prototype has been reached', (t) => t.deepEqual(changed(), []))

const batchOf = (): Batch => {
  const into = { n: 1 }
  return new Sent().pack(
    callsOf(
      Hostile,
      (job) => job.square(3),
      (job) => job.put(into, 5),
      (job) => job.square(4),
    ),
  )
}
const batch = fc.constant(null).map(() => ({ ...batchOf(), number: 0 }))

const field = fc.oneof(
  fc.tuple(fc.constantFrom('calls', 'slot', 'number'), fc.oneof(number, anything)),
  fc.tuple(fc.constantFrom('route', 'count'), fc.oneof(number, fc.array(number, { maxLength: 4 }), anything)),
  fc.tuple(fc.constantFrom('args', 'states', 'objects', 'units', 'routes', 'forget', 'check'), anything),
)
const hostile = fc.oneof(
  mutated(batch),
  fc
    .tuple(batch, fc.array(field, { minLength: 1, maxLength: 3 }))
    .map(([batch, fields]) => ({ ...batch, ...Object.fromEntries(fields) })),
  anything,
)

/** A worker's side of a lane, in this thread: whatever it cannot bear ends the worker, which is an error here. */
async function take(message: unknown): Promise<Report[]> {
  const reports: Report[] = []
  const runner = new Runner(() => undefined)
  checkBatch(message, 0)
  await runner.learn(message.routes, message.units)
  await new Outbox(runner, new SharedStarts(), (report) => void reports.push(structuredClone(report))).run(message)
  if (message.forget !== undefined) runner.forget(message.forget)
  return reports
}

test('a batch that is one is run', async (t) => {
  const reports = await take(structuredClone({ ...batchOf(), number: 0 }))
  t.deepEqual(
    reports.flatMap(({ values }) => [...values]),
    [9, undefined, 16],
  )
})

test('whatever a worker is sent, it runs the calls, fails them or ends: it does not go on for ever', async (t) => {
  let ran = 0
  await fc.assert(
    fc.asyncProperty(hostile, async (message) => {
      try {
        await take(structuredClone(message))
        ran++
      } catch (error) {
        if (!(error instanceof Error)) throw new Error(`threw ${String(error)}`)
      }
    }),
    runs(2000),
  )
  t.true(ran > 0)
})

const refused = test.macro((t, fields: object, says: RegExp) => {
  const error = t.throws(() => checkBatch({ ...batchOf(), number: 0, ...fields }, 0), { name: 'DecoError' })
  t.regex(error!.message, says)
  t.regex(error!.message, /^Cannot run a batch of calls: .* Way out: /)
})

test('a batch that comes twice is refused', refused, { number: 1 }, /message 1 where message 0 was due/)
test('so are four billion calls', refused, { calls: 2 ** 32 }, /no number of calls/)
test(
  'so are more calls than a batch may have, though they take no arguments',
  refused,
  { calls: 2 ** 16 + 1, count: 0, args: [] },
  /no number of calls/,
)
test('so are arguments that are not there', refused, { count: 2 ** 32 }, /more or fewer arguments/)
test('so is a count that is none', refused, { count: [1, -1, 3] }, /more or fewer arguments/)
test('so are calls without routes', refused, { route: [1] }, /no routes/)

test('a call of which an object is to be the billionth argument is told, and is not run', async (t) => {
  const batch = batchOf()
  const [[at] = []] = batch.objects!
  const reports = await take(structuredClone({ ...batch, objects: [[at!, [2 ** 30, 1, 0]]], number: 0 }))
  const failures = reports.flatMap(({ failures = [] }) => failures)
  t.is(failures.length, 1)
  t.true(JSON.stringify(failures).includes('a call has no argument 1073741824'))
})

// What is on the prototype of a job, of all objects and of functions, and what is no concurrent method.
for (const method of [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'hasOwnProperty',
  'secret',
  'run',
  'wait',
  'call',
]) {
  test(`a route to ${method}, which is no concurrent method, runs nothing`, async (t) => {
    const batch = batchOf()
    const routes = batch.routes!.map((route) => ({ ...route, method: { ...route.method, method } }))
    const reports = await take(structuredClone({ ...batch, routes, number: 0 }))
    const failures = reports.flatMap(({ failures = [] }) => failures)
    t.is(failures.length, 3)
    for (const failure of failures) t.true(JSON.stringify(failure).includes('Cannot find Hostile'))
  })
}

test('a worker that is sent anything else ends, or reports as if it had not been sent', async (t) => {
  const entry = new URL('../../src/worker/thread.js', import.meta.url).href
  await fc.assert(
    fc.asyncProperty(hostile, async (message) => {
      const { port1, port2 } = new MessageChannel()
      const counter = () => new Int32Array(new SharedArrayBuffer(4))
      const setup = { port: port2, asked: counter(), starts: new SharedStarts().counts, answered: counter() }
      const worker = startWorker(entry, setup, [port2])
      const reported = new Promise((resolve) => port1.once('message', resolve))
      port1.postMessage(message)
      // The next message is either answered or too late.
      port1.postMessage({ ...batchOf(), number: 1 })
      const ended = await Promise.race([worker.ended, reported])
      await worker.stop()
      port1.close()
      if (ended === undefined) throw new Error('it neither ended nor reported')
    }),
    runs(30),
  )
  t.pass()
})
