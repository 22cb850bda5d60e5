import test from 'ava'
import fc from 'fast-check'
import { Rate } from '../src/rate.js'

const positive = (max: number) => fc.double({ min: 1e-3, max, noNaN: true })

test('there is none until something is done and some time has passed', (t) => {
  const rate = new Rate(1000, 0)
  t.is(rate.perMillisecond, undefined)
  rate.sample(1000, 0)
  t.is(rate.perMillisecond, undefined)
  rate.sample(2000, Number.MIN_VALUE)
  t.is(rate.perMillisecond, undefined)
  rate.sample(2000, 3)
  t.is(rate.perMillisecond, 0.003)
  const instant = new Rate(1000, 0)
  instant.sample(1000, 5)
  t.is(instant.perMillisecond, undefined)
})

test('of steady work it is what it is, however often one looks', (t) => {
  fc.assert(
    fc.property(positive(1e4), fc.array(positive(1e4), { minLength: 1, maxLength: 50 }), (perMillisecond, steps) => {
      const rate = new Rate(0, 7)
      let now = 0
      for (const step of steps) {
        now += step
        rate.sample(now, 7 + now * perMillisecond)
      }
      return Math.abs(rate.perMillisecond! / perMillisecond - 1) < 1e-4
    }),
  )
  t.pass()
})

test('whatever is done, it is a positive number or none, between the slowest and the fastest time', (t) => {
  const step = fc.tuple(fc.oneof(fc.constant(0), positive(1e5)), fc.oneof(fc.constant(0), positive(1e6)))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const rate = new Rate(0, 0)
      let [now, done, fastest] = [0, 0, 0]
      for (const [passing, doing] of steps) {
        // What the sums have room for: of a short time after a long one little is left.
        const [time, work] = [now + passing - now, done + doing - done]
        now += passing
        done += doing
        rate.sample(now, done)
        fastest = time === 0 && work > 0 ? Number.POSITIVE_INFINITY : Math.max(fastest, time === 0 ? 0 : work / time)
        const { perMillisecond } = rate
        if (perMillisecond === undefined) continue
        if (!(perMillisecond > 0 && perMillisecond < Number.POSITIVE_INFINITY)) return false
        if (perMillisecond > fastest * (1 + 1e-4)) return false
      }
      return true
    }),
    { numRuns: 2000 },
  )
  t.pass()
})

test('the mean is that of the whole time', (t) => {
  const rate = new Rate(1000, 5)
  t.is(rate.mean, undefined)
  for (const [now, done] of [
    [2000, 105],
    [6000, 106],
    [11_000, 305],
  ] as const)
    rate.sample(now, done)
  t.is(rate.mean, 0.03)
})

test('a clock that goes back, and work that is undone and done again, are looked past', (t) => {
  const rate = new Rate(0, 0)
  rate.sample(1000, 10)
  rate.sample(900, 8)
  t.is(rate.perMillisecond, 0.01)
  rate.sample(2000, 20)
  t.true(Math.abs(rate.perMillisecond! - 0.01) < 1e-12)
})

test('it follows a change of speed within some calls, and few long calls do not make it jump', (t) => {
  const rate = new Rate(0, 0)
  for (let call = 1; call <= 100; call++) rate.sample(100 * call, call)
  for (let call = 1; call <= 100; call++) rate.sample(10_000 + 1000 * call, 100 + call)
  t.true(rate.perMillisecond! > 0.001 && rate.perMillisecond! < 0.00105)

  const slow = new Rate(0, 0)
  for (let second = 1; second <= 600; second++) {
    slow.sample(1000 * second, 2 * Math.floor(second / 60))
    if (second < 60) t.is(slow.perMillisecond, undefined)
    // Two calls a minute: at worst the next two are about to end.
    else t.true(slow.perMillisecond! <= 2 / 60_000 + 1e-9 && slow.perMillisecond! >= 1 / 60_000)
  }
})

test('while nothing is done it falls', (t) => {
  const rate = new Rate(0, 0)
  rate.sample(1000, 1000)
  let before = rate.perMillisecond!
  for (let second = 2; second < 20; second++) {
    rate.sample(1000 * second, 1000)
    t.true(rate.perMillisecond! < before)
    before = rate.perMillisecond!
  }
})
