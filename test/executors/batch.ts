import test from 'ava'
import { BatchTimes, batchSize } from '../../src/executors/batch.js'
import { Estimates } from '../../src/executors/estimates.js'
import { Waiting } from '../../src/executors/waiting.js'
import { call } from '../helpers/executor-call.js'

function waiting(...routes: readonly number[]): Waiting {
  const queue = new Waiting()
  for (const id of routes) queue.push(call(id, []))
  return queue
}

const many = (count: number, id = 1) => waiting(...Array<number>(count).fill(id))

function knowing(...means: readonly (readonly [route: number, milliseconds: number])[]): Estimates {
  const estimates = new Estimates()
  for (const [id, mean] of means) estimates.learn(id, mean, 1)
  return estimates
}

const TIMES = new BatchTimes(2)

const size = (calls: Waiting, estimates: Estimates, largest: number) =>
  batchSize(calls, estimates, { ...TIMES, largest })

test('calls of which nothing is known travel alone', (t) => {
  t.is(size(many(1000), new Estimates(), 64), 1)
})

test('a batch ends before the first call of which nothing is known', (t) => {
  t.is(size(waiting(1, 1, 1, ...Array<number>(100).fill(2)), knowing([1, 0.001]), 64), 3)
})

test('long calls travel alone, short ones by as many as fill a target time', (t) => {
  t.is(size(many(1000), knowing([1, 50]), 500), 1)
  const fill = (mean: number) => mean * size(many(4000), knowing([1, mean]), 500)
  t.true(fill(0.125) > 0.125)
  t.is(fill(0.125), fill(0.0625))
})

test('a lane takes no more than its part of what is waiting', (t) => {
  t.is(size(many(100), knowing([1, 0.0125]), 4096), 25)
  t.is(size(many(1), knowing([1, 0.0125]), 4096), 1)
})

test('a batch is at most twice the largest one before, and never without a bound', (t) => {
  t.is(size(many(1000), knowing([1, 0.0125]), 10), 20)
  t.is(size(many(100_000), knowing([1, 0]), 1_000_000), 2048)
})

test('the least that is worth a message travels together, whatever a part of what is waiting is', (t) => {
  const quarter = knowing([1, TIMES.least / 4])
  t.is(size(many(1000), quarter, 1), 4)
  t.is(size(many(12), quarter, 4096), 4)
  t.is(size(many(2), quarter, 4096), 2)
})

test('the more lanes there are, the more work a message must carry', (t) => {
  const [few, many] = [new BatchTimes(2), new BatchTimes(256)]
  t.true(many.least > 10 * few.least && many.gathered > 10 * few.gathered && many.target > few.target)
})
