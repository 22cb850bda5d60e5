import test from 'ava'
import { bytes, counted, duration, percent } from '../../src/trace/plain.js'

test('durations, bytes, shares and numbers have three digits and a unit', (t) => {
  t.deepEqual([0, 0.0004, 0.0123, 0.9996, 1, 12.34, 123.4, 999.6, 61_000].map(duration), [
    '0 ms',
    '0.40 µs',
    '12.3 µs',
    '1.00 ms',
    '1.00 ms',
    '12.3 ms',
    '123 ms',
    '1.00 s',
    '61.0 s',
  ])
  t.deepEqual([0, 999, 1000, 12_345, 999_600, 5e9].map(bytes), [
    '0 B',
    '999 B',
    '1.00 kB',
    '12.3 kB',
    '1.00 MB',
    '5.00 GB',
  ])
  t.deepEqual([0, 0.0042, 0.0999, 0.5, 1].map(percent), ['0 %', '0.4 %', '10 %', '50 %', '100 %'])
  t.deepEqual(
    [counted(1, 'call'), counted(2000, 'call'), counted(2, 'batch', 'batches')],
    ['1 call', '2,000 calls', '2 batches'],
  )
})
