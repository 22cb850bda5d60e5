import test from 'ava'
import fc from 'fast-check'
import type { Progress } from '../../src/index.js'
import { barLine, duration, wordLine } from '../../src/progress/text.js'

const HALF: Progress = {
  done: 31_200,
  total: 60_480,
  failed: 0,
  dropped: 0,
  computed: 31_449.6,
  callsPerSecond: 1234.4,
  timeLeft: 23_520,
  elapsed: 25_300,
  isOver: false,
}

test('a bar with counts, rate and time left', (t) => {
  t.is(
    barLine('Climate', HALF, 100),
    `Climate  ${'█'.repeat(20)}${'░'.repeat(19)}   52 %  31,200 of 60,480 calls  1,234/s  24 s left`,
  )
})

test('what is not known is left out', (t) => {
  const begun = { ...HALF, done: 0, computed: 0, callsPerSecond: undefined, timeLeft: undefined }
  t.is(barLine('Climate', begun, 60), `Climate  ${'░'.repeat(24)}    0 %  0 of 60,480 calls`)
  t.is(wordLine('Climate', begun), 'Climate: 0 %, 0 of 60,480 calls')
})

test('the same in words', (t) => {
  t.is(wordLine('Climate', HALF), 'Climate: 52 %, 31,200 of 60,480 calls, 1,234/s, 24 s left')
  t.is(
    wordLine('Climate', { ...HALF, failed: 2 }),
    'Climate: 52 %, 31,200 of 60,480 calls, 2 failed, 1,234/s, 24 s left',
  )
})

test('what is not wholly done is not 100 %', (t) => {
  t.regex(wordLine('x', { ...HALF, done: 60_479, computed: 60_479.999 }), / 99 %/)
})

test('the end says what came of it', (t) => {
  const over = { ...HALF, isOver: true, timeLeft: 0, elapsed: 48_900 }
  const whole = { ...over, done: 60_480, computed: 60_480, callsPerSecond: 1236.8 }
  t.is(wordLine('Climate', whole), 'Climate: 60,480 calls in 49 s, 1,237/s')
  t.is(barLine('Climate', whole, 60), `Climate  ${'█'.repeat(19)}  60,480 calls in 49 s, 1,237/s`)
  t.is(
    wordLine('Climate', { ...over, failed: 1, dropped: 29_279 }),
    'Climate: 31,200 of 60,480 calls, 1 failed, 29,279 dropped in 49 s, 1,234/s',
  )
  t.is(wordLine('Climate', { ...whole, total: 1, callsPerSecond: undefined }), 'Climate: 1 call in 49 s')
})

test('times are told in the unit that suits them', (t) => {
  const cases: [milliseconds: number, words: string][] = [
    [0, '0.0 s'],
    [40, '0.0 s'],
    [949, '0.9 s'],
    [9_940, '9.9 s'],
    [9_950, '10 s'],
    [59_400, '59 s'],
    [59_600, '1:00 min'],
    [187_000, '3:07 min'],
    [3_599_400, '59:59 min'],
    [3_599_600, '1:00:00 h'],
    [3_723_000, '1:02:03 h'],
    [3_600_000 * 1234, '1,234:00:00 h'],
  ]
  for (const [milliseconds, words] of cases) t.is(duration(milliseconds), words)
})

test('slow calls have a rate, too', (t) => {
  for (const [callsPerSecond, words] of [
    [9.87, '9.9/s'],
    [0.0123, '0.012/s'],
    [10.4, '10/s'],
  ] as const)
    t.true(wordLine('x', { ...HALF, callsPerSecond }).includes(`, ${words}, `))
})

test('whatever is to be told fits into one line', (t) => {
  const figure = fc.double({ min: 0, max: 1e12, noNaN: true })
  const progress = fc
    .record({
      total: fc.integer({ min: 1, max: 1e9 }),
      shares: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      callsPerSecond: fc.option(figure, { nil: undefined }),
      timeLeft: fc.option(figure, { nil: undefined }),
      elapsed: figure,
      isOver: fc.boolean(),
    })
    .map(({ total, shares: [a, b], ...rest }): Progress => {
      const done = Math.floor(total * a * b)
      const failed = Math.floor((total - done) * b)
      return { total, done, failed, dropped: 0, computed: total * a, ...rest }
    })
  fc.assert(
    fc.property(
      progress,
      fc.string({ maxLength: 30 }),
      fc.integer({ min: 1, max: 200 }),
      (progress, label, columns) => {
        const line = barLine(label, progress, columns)
        return line.length <= Math.max(0, columns - 1) && !/NaN|Infinity|undefined/.test(wordLine('', progress))
      },
    ),
  )
  t.pass()
})
