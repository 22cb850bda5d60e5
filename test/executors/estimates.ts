import test from 'ava'
import { Estimates } from '../../src/executors/estimates.js'

test('an estimate follows what workers report', (t) => {
  const estimates = new Estimates()
  t.is(estimates.mean(1), undefined)
  estimates.learn(1, 10, 1)
  t.is(estimates.mean(1), 10)
  for (let i = 0; i < 10; i++) estimates.learn(1, 64, 32)
  t.true(Math.abs(estimates.mean(1)! - 2) < 0.01)
  t.is(estimates.mean(2), undefined)
})

test('calls count alike, however many are reported together', (t) => {
  const [together, apart] = [new Estimates(), new Estimates()]
  for (const estimates of [together, apart]) estimates.learn(1, 32, 32)
  together.learn(1, 40, 8)
  for (let i = 0; i < 8; i++) apart.learn(1, 5, 1)
  t.true(Math.abs(together.mean(1)! - apart.mean(1)!) < 0.15)
})

test('one long call among many short ones moves the estimate by its share', (t) => {
  const estimates = new Estimates()
  estimates.learn(1, 0.32, 32)
  estimates.learn(1, 32, 1)
  t.true(estimates.mean(1)! < 1.1)
})
