import test from 'ava'
import { threads } from '../../src/index.js'
import { throwsSaying } from '../helpers/throws-saying.js'

for (const option of ['workers', 'batch'] as const) {
  for (const value of [0, -1, 1.5, Number.NaN, Infinity, '2', null]) {
    test(`threads({ ${option}: ${typeof value === 'string' ? `'${value}'` : value} }) is refused`, (t) => {
      throwsSaying(
        t,
        () => threads({ [option]: value as number }),
        RangeError,
        `Cannot use ${value} for threads({ ${option} })`,
        'a positive whole number',
      )
    })
  }
}

test("batch: 'auto' and a number are taken, and no worker starts before the first call", (t) => {
  t.notThrows(() => threads({ batch: 'auto' }))
  t.notThrows(() => threads({ batch: 8, workers: 64 }))
  t.notThrows(() => threads())
})
