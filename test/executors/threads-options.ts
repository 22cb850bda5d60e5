import test from 'ava'
import { threads } from '../../src/index.js'
import { Numbers } from '../fixtures/numbers.js'
import { Whereabouts } from '../fixtures/whereabouts.js'
import { throwsSaying } from '../helpers/throws-saying.js'

for (const option of ['workers', 'batch', 'maxPending'] as const) {
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

for (const value of [0, -1, Number.NaN, '2', null]) {
  test(`threads({ idleTimeout: ${typeof value === 'string' ? `'${value}'` : value} }) is refused`, (t) => {
    throwsSaying(
      t,
      () => threads({ idleTimeout: value as number }),
      RangeError,
      `Cannot use ${value} for threads({ idleTimeout })`,
      'a positive number of milliseconds',
    )
  })
}

test('no more than maxPending calls are pending in a plain method: the next one waits for room', async (t) => {
  await using executor = threads({ workers: 2, maxPending: 10 })
  const job = new Numbers({ executor })
  let most = 0
  const results = job.block(() =>
    Array.from({ length: 200 }, (_, n) => {
      const result = job.square(n)
      most = Math.max(most, job.pending)
      return result
    }),
  )
  t.is(most, 10)
  t.deepEqual(
    results,
    Array.from({ length: 200 }, (_, n) => n * n),
  )
})

test('in an async method room() waits for room', async (t) => {
  await using executor = threads({ workers: 2, maxPending: 10 })
  const job = new Numbers({ executor })
  let most = 0
  await job.run(async () => {
    for (let n = 0; n < 200; n++) {
      await job.room()
      job.results.set(String(n), job.square(n))
      most = Math.max(most, job.pending)
    }
  })
  t.is(most, 10)
  t.is(job.results.get('199'), 199 * 199)
})

test('who waits for room goes on when the phase fails, and hears of it at the next synchronization event', async (t) => {
  await using executor = threads({ workers: 1, maxPending: 1 })
  const job = new Numbers({ executor })
  job.fail(1)
  await job.room()
  job.square(2)
  await t.throwsAsync(job.wait(), { instanceOf: RangeError, message: 'number 1' })
})

test('a worker that has nothing to do is stopped after idleTimeout, and another one takes the next call', async (t) => {
  await using executor = threads({ workers: 1, idleTimeout: 1 })
  const job = new Whereabouts({ executor })
  const first = await job.where()
  let next = first
  // As long as calls come at once they find the same worker; at some turn of the event loop it is gone.
  while (next === first) {
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setTimeout(resolve, 2))
    next = await job.where()
  }
  t.not(next, first)
})
