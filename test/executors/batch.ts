import test from 'ava'
import { batchSize, Estimates, Sent, WORTHWHILE } from '../../src/executors/batch.js'
import type { Encoded, ExecutorCall, Route, Unit } from '../../src/protocol.js'
import { Queue } from '../../src/queue.js'

const NOTHING: Encoded = { kinds: [], starts: [], tape: [], refs: [], classes: [] }

const unit = (id: number, lasting = true): Unit => ({ id, encoded: NOTHING, lasting, frozen: false })

const route = (id: number): Route => ({
  id,
  name: `Job.method${id}`,
  job: { module: 'file:///job.js', position: 0, name: 'Job' },
  method: { module: 'file:///job.js', position: 0, name: 'Job', method: `method${id}`, fingerprint: id },
})

const call = (
  routeId: number,
  units: readonly Unit[],
  args: readonly unknown[] = [],
  objects?: readonly number[],
): ExecutorCall => ({
  route: route(routeId),
  units,
  args,
  objects,
  recorded: [],
  isCancelled: false,
  began() {},
  succeed() {},
  reply() {},
  fail() {},
})

// How many calls travel together.

function waiting(...routes: readonly number[]): Queue<ExecutorCall> {
  const queue = new Queue<ExecutorCall>()
  for (const id of routes) queue.push(call(id, []))
  return queue
}

const many = (count: number, id = 1) => waiting(...Array<number>(count).fill(id))

function knowing(...means: readonly (readonly [route: number, milliseconds: number])[]): Estimates {
  const estimates = new Estimates()
  for (const [id, mean] of means) estimates.learn(id, mean)
  return estimates
}

test('calls of which nothing is known travel alone', (t) => {
  t.is(batchSize(many(1000), new Estimates(), 2, 64), 1)
})

test('a batch ends before the first call of which nothing is known', (t) => {
  t.is(batchSize(waiting(1, 1, 1, ...Array<number>(100).fill(2)), knowing([1, 0.001]), 2, 64), 3)
})

test('long calls travel alone, short ones by as many as fill a target time', (t) => {
  t.is(batchSize(many(1000), knowing([1, 50]), 2, 500), 1)
  const fill = (mean: number) => mean * batchSize(many(1000), knowing([1, mean]), 2, 500)
  t.true(fill(0.125) > 0.125)
  t.is(fill(0.125), fill(0.0625))
})

test('a lane takes no more than its part of what is waiting', (t) => {
  t.is(batchSize(many(100), knowing([1, 0.0125]), 2, 4096), 25)
  t.is(batchSize(many(1), knowing([1, 0.0125]), 2, 4096), 1)
})

test('a batch is at most twice the one before, and never without a bound', (t) => {
  t.is(batchSize(many(1000), knowing([1, 0.0125]), 2, 10), 20)
  t.is(batchSize(many(100_000), knowing([1, 0]), 2, 1_000_000), 4096)
})

test('the least that is worth a message travels together, whatever a part of what is waiting is', (t) => {
  const quarter = knowing([1, WORTHWHILE / 4])
  t.is(batchSize(many(1000), quarter, 2, 1), 4)
  t.is(batchSize(many(12), quarter, 2, 4096), 4)
  t.is(batchSize(many(2), quarter, 2, 4096), 2)
})

test('an estimate follows what workers report', (t) => {
  const estimates = knowing([1, 10])
  t.is(estimates.mean(1), 10)
  for (let i = 0; i < 50; i++) estimates.learn(1, 2)
  t.true(Math.abs(estimates.mean(1)! - 2) < 0.01)
  t.is(estimates.mean(2), undefined)
})

// What a message holds.

test('a route is sent once', (t) => {
  const sent = new Sent()
  const state = [unit(1)]
  t.deepEqual(
    sent.pack([call(1, state), call(2, state), call(1, state)]).routes?.map(({ id }) => id),
    [1, 2],
  )
  t.is(sent.pack([call(2, state)]).routes, undefined)
})

test('a unit that lasts is sent once; one that does not passes through', (t) => {
  const sent = new Sent()
  const lasting = unit(1)
  const first = sent.pack([call(1, [lasting, unit(2, false)]), call(1, [lasting, unit(3, false)])])
  t.deepEqual(
    first.units?.map(({ id }) => id),
    [1, 2, 3],
  )
  t.deepEqual(first.forget, [2, 3])
  const second = sent.pack([call(1, [lasting, unit(4, false)])])
  t.deepEqual(
    second.units?.map(({ id }) => id),
    [4],
  )
  t.deepEqual(second.forget, [4])
})

test('a unit that comes twice in one message is sent once', (t) => {
  const passing = unit(1, false)
  const { units, forget, states } = new Sent().pack([call(1, [passing]), call(1, [unit(2, false)]), call(1, [passing])])
  t.deepEqual(
    units?.map(({ id }) => id),
    [1, 2],
  )
  t.deepEqual(forget, [1, 2])
  t.deepEqual(
    states.map(([at, ids]) => [at, ids]),
    [
      [0, [1]],
      [1, [2]],
      [2, [1]],
    ],
  )
})

test('of many units those used longest ago are forgotten, and sent again when they come back', (t) => {
  const sent = new Sent()
  const units = Array.from({ length: 70 }, (_, i) => unit(i))
  for (const each of units.slice(0, 64)) t.is(sent.pack([call(1, [each])]).forget, undefined)
  sent.pack([call(1, [units[0]!])])
  t.deepEqual(sent.pack([call(1, [units[64]!])]).forget, [1])
  t.is(sent.pack([call(1, [units[0]!])]).units, undefined)
  t.deepEqual(
    sent.pack([call(1, [units[1]!])]).units?.map(({ id }) => id),
    [1],
  )
})

test('calls lie side by side: what all have in common is named once', (t) => {
  const state = [unit(1)]
  const batch = new Sent().pack([call(1, state, [1, 'a']), call(1, state, [2, 'b'])])
  t.like(batch, { calls: 2, route: 1, count: 2, args: [1, 'a', 2, 'b'], objects: undefined })
  t.is(batch.states.length, 1)
})

test('where calls differ, each is named', (t) => {
  const state = [unit(1)]
  const batch = new Sent().pack([
    call(1, state, []),
    call(2, state, [1n]),
    call(1, state, [{ not: 'sent' }, 3], [0, 1, 0]),
  ])
  t.like(batch, { calls: 3, route: [1, 2, 1], count: [0, 1, 2], args: [1n, null, 3], objects: [[2, [0, 1, 0]]] })
})
