import test from 'ava'
import { Sent } from '../../src/executors/sent.js'
import { call, unit } from '../helpers/executor-call.js'

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

test('arguments that are all numbers are packed', (t) => {
  const { args } = new Sent().pack([call(1, [], [1, -0]), call(1, [], [Number.NaN, 2.5])])
  t.deepEqual(args, Float64Array.of(1, -0, Number.NaN, 2.5))
})
