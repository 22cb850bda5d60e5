import test from 'ava'
import { Spans } from '../../page/spans.js'

const span = (from: number, to: number, item = 0) => ({ from, to, item, kind: 0 })
// Two that overlap, a gap, and one in the midst of another one.
const spans = new Spans([span(20, 40, 2), span(0, 6, 0), span(4, 10, 1), span(25, 30, 3)])

test('spans are in the order in which they begin', (t) => {
  t.deepEqual([...spans.item], [0, 1, 2, 3])
})

test('what is covered twice is counted once', (t) => {
  const covered = [-1, 0, 5, 8, 10, 15, 20, 28, 35, 40, 99].map((time) => spans.covered(time))
  t.deepEqual(covered, [0, 0, 5, 8, 10, 10, 10, 18, 25, 30, 30])
})

test('of those that go on at a time, the one that began last is found', (t) => {
  const found = [-1, 0, 4, 6, 10, 15, 24, 25, 30, 39, 40].map((time) => spans.at(time))
  t.deepEqual(found, [-1, 0, 1, 1, -1, -1, 2, 3, 2, 2, -1])
})

test('what is near is found on either side', (t) => {
  t.is(spans.near(11, 2), 1)
  t.is(spans.near(19, 2), 2)
  t.is(spans.near(15, 2), -1)
  t.is(spans.near(-1, 2), 0)
  t.is(spans.near(99, Number.POSITIVE_INFINITY), 3)
  t.is(new Spans([]).near(0, Number.POSITIVE_INFINITY), -1)
})

test('the first that reaches beyond a time may have begun long before', (t) => {
  t.deepEqual(
    [-1, 5, 6, 10, 35, 40].map((time) => spans.firstBeyond(time)),
    [0, 0, 1, 2, 2, 4],
  )
})
