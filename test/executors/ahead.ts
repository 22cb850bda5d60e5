import test from 'ava'
import { Ahead } from '../../src/executors/ahead.js'
import { call } from '../helpers/executor-call.js'

const calls = (count: number) => Array.from({ length: count }, () => call(1, []))

test('as long as the last calls are long beside the first ones, twice as many go ahead', (t) => {
  const ahead = new Ahead(16)
  for (const size of [1, 2, 4]) {
    t.is(ahead.due(1000, 2, 0.1), size)
    const gone = calls(size)
    ahead.sent(gone)
    t.is(ahead.due(1000, 2, 0.1), 0)
    // They need not be reported together.
    for (const one of gone) t.true(ahead.timed(one, 10, 1))
  }
  // What goes together takes no longer than 50 ms.
  t.is(ahead.due(1000, 2, 0.1), 5)
  // Others are as long.
  t.is(ahead.due(1000, 2, 2.6), 0)
})

test('no more of them go once they are short, until other calls come', (t) => {
  const ahead = new Ahead(16)
  const [one] = calls(1)
  ahead.sent([one!])
  t.true(ahead.timed(one!, 0.1, 1))
  t.is(ahead.due(1000, 2, 1), 0)
  ahead.reset()
  t.is(ahead.due(1000, 2, 1), 1)
})

test('the times of other calls are not theirs', (t) => {
  const ahead = new Ahead(16)
  const [one, other] = calls(2)
  ahead.sent([one!])
  t.false(ahead.timed(other!, 10, 5))
  t.is(ahead.due(1000, 2, 1), 0)
  t.true(ahead.timed(one!, 10, 1))
  t.false(ahead.timed(one!, 10, 1))
})

test('none goes where its turn comes soon, there is little to do, or only one lane', (t) => {
  const ahead = new Ahead(16)
  t.is(ahead.due(18, 2, 10), 0)
  t.is(ahead.due(19, 2, 10), 1)
  t.is(ahead.due(1000, 2, 0.016), 0)
  t.is(ahead.due(1001, 2, 0.016), 1)
  t.is(ahead.due(1000, 1, 1), 0)
})
