// Two calls that add the same entry: for one that has seen it after the first, the second changes nothing.

import test from 'ava'
import { ConflictError } from '../src/index.js'
import { Adding } from './fixtures/adding.js'
import { late } from './helpers/late.js'

test('an entry that is added as it is there disturbs nobody who has seen it', (t) => {
  const map = new Map([['a', 0]])
  t.deepEqual(new Adding({ executor: late() }).all(map, [1, 1]), [1, 1, 2])
  t.deepEqual(
    [...map],
    [
      ['a', 0],
      ['x', 1],
    ],
  )
})

test('one that is added with another value disturbs who has read the value, and nobody who has seen the key alone', (t) => {
  const map = new Map([['a', 0]])
  t.deepEqual(new Adding({ executor: late() }).all(map, [1, 2]), [1, 2, 2])
  t.is(map.get('x'), 2)
  t.throws(() => new Adding({ executor: late() }).allSummed(new Map([['a', 0]]), [1, 2]), { instanceOf: ConflictError })
})
