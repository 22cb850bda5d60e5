import test from 'ava'
import { histogram } from '../../src/trace/histogram.js'

test('values are counted in ranges of 1, 2, 5, 10 …, a border in the range above it', (t) => {
  t.deepEqual(histogram([1, 1.9, 2, 4.9, 5, 10, 99], 1), {
    borders: [1, 2, 5, 10, 20, 50, 100],
    counts: [2, 2, 1, 1, 0, 1],
  })
  t.deepEqual(histogram([0.003, 0.05], 1e-4), {
    borders: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
    counts: [1, 0, 0, 0, 1],
  })
})

test('what is smaller than the least is in the first range, and no value is no range', (t) => {
  t.deepEqual(histogram([0, 0.5, 1], 1), { borders: [1, 2], counts: [3] })
  t.deepEqual(histogram([], 1), { borders: [], counts: [] })
})

test('every value is counted once', (t) => {
  const values = Array.from({ length: 1000 }, (_, i) => 1.02 ** i / 1000)
  const { borders, counts } = histogram(values, 1e-4)
  t.is(borders.length, counts.length + 1)
  for (const [i, count] of counts.entries())
    t.is(count, values.filter((value) => value >= borders[i]! && value < borders[i + 1]!).length)
})
