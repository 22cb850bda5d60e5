import test from 'ava'
import { Waiting } from '../../src/executors/waiting.js'
import type { ExecutorCall } from '../../src/protocol.js'
import { call } from '../helpers/executor-call.js'

interface Named extends ExecutorCall {
  readonly name: string
  isCancelled: boolean
}

const jobs: Record<string, object> = { a: { job: 'a' }, b: { job: 'b' }, c: { job: 'c' } }

// `a1` is a call of the job a.
const named = (name: string): Named => ({ ...call(1, []), job: jobs[name[0]!]!, name })
const calls = (text: string) => text.split(' ').map(named)
const names = (calls: readonly ExecutorCall[]) => calls.map((call) => (call as Named).name).join(' ')

function waiting(text: string): Waiting {
  const waiting = new Waiting()
  for (const call of calls(text)) waiting.push(call)
  return waiting
}

test('jobs take turns, and the calls of each stay in order', (t) => {
  const queue = waiting('a1 a2 a3 a4 b1 b2 c1')
  t.is(names(queue.take(2)), 'a1 a2')
  t.is(names(queue.take(1)), 'b1')
  t.is(names(queue.take(1)), 'c1')
  t.is(names(queue.take(1)), 'a3')
  t.is(names(queue.take(1)), 'b2')
  t.is(names(queue.take(9)), 'a4')
  t.is(queue.length, 0)
})

test('the last calls are taken from the job whose turn is last', (t) => {
  const queue = waiting('a1 a2 b1 b2 b3')
  t.is(names(queue.takeLast(0)), '')
  t.is(names(queue.takeLast(2)), 'b2 b3')
  t.is(names(queue.takeLast(2)), 'b1')
  t.is(names(queue.takeLast(1)), 'a2')
  t.is(queue.length, 1)
  t.is(names(queue.take(9)), 'a1')
  t.is(names(queue.takeLast(1)), '')
})

test('where one job has too few calls, the next ones travel with them', (t) => {
  const queue = waiting('a1 b1 b2 b3 c1')
  t.is(queue.ofOneJob, 1)
  t.is(names(Array.from({ length: queue.length }, (_, i) => queue.at(i))), 'a1 b1 b2 b3 c1')
  t.is(names(queue.take(3)), 'a1 b1 b2')
  t.is(names(queue.take(2)), 'c1 b3')
})

test('what is put back comes before all else of its job; its turn is next, or it is the last', (t) => {
  const next = waiting('a3 a4 b1')
  next.take(0)
  next.unshift(calls('b0 a1 c1 a2'))
  t.is(names(next.take(99)), 'b0 b1 a1 a2 a3 a4 c1')
  const last = waiting('a3 a4 b1')
  last.unshift(calls('a1 a2'), false)
  t.is(names(last.take(99)), 'b1 a1 a2 a3 a4')
})

test('the first call of a job that comes is told from others', (t) => {
  const queue = new Waiting()
  t.deepEqual(
    calls('a1 a2 b1 a3 b2').map((call) => queue.push(call)),
    [true, false, true, false, false],
  )
  queue.take(5)
  t.true(queue.push(named('a4')))
})

test('cancelled calls at the front of their jobs are dropped, and others stay', (t) => {
  const queue = new Waiting()
  const all = calls('a1 a2 a3 b1 b2 c1')
  for (const call of all) queue.push(call)
  for (const call of all) call.isCancelled = /a1|a2|b/.test(call.name)
  queue.dropCancelled()
  t.is(queue.length, 2)
  t.is(queue.jobs, 2)
  t.is(names(queue.take(2)), 'a3 c1')
})
