import test from 'ava'
import { inline, serial } from '../../src/testing/index.js'
import { Numbers } from '../fixtures/numbers.js'
import { Tally } from '../fixtures/tally.js'

test('a call runs at once and gives its plain value', (t) => {
  const job = new Tally({ executor: serial() })
  t.is(job.length('four'), 4)
  t.is(job.pending, 0)
  job.results.set('a', job.length('a'))
  t.is(job.results.get('a'), 1)
  t.is(job.length('x') + job.length('yy'), 3)
})

test('it works on the caller’s own objects', (t) => {
  const list: string[] = []
  const job = new Tally({ executor: serial() })
  job.push(list, 'a')
  t.deepEqual(list, ['a'])
  t.is(job.allBlocking(['b', 'c'], (job, text) => job.push(list, text)).get('c'), 3)
})

test('it throws at the call, which the calling method may catch', async (t) => {
  const job = new Tally({ executor: serial() })
  t.throws(() => job.length(''), { instanceOf: RangeError, message: 'no text' })
  t.deepEqual(job.failures.map(String), ['RangeError: no text'])
  const caught = await job.list(['', 'a'], (job, text) => {
    try {
      return job.length(text)
    } catch {
      return 'caught'
    }
  })
  t.deepEqual(caught, ['caught', 1])
})

test('an async call gives a Future, for which the end of the method waits', async (t) => {
  const job = new Tally({ executor: serial() })
  t.deepEqual(await job.list(['a', 'bb'], (job, text) => job.lengthLater(text)), [1, 2])
  t.is(await job.lengthLater('ccc'), 3)
  t.deepEqual([...(await job.all(['a', 'bb'], (job, text) => job.lengthLater(text))).values()], [1, 2])
})

test('of the errors of async calls the first in program order is thrown, once', async (t) => {
  const job = new Tally({ executor: serial() })
  await t.throwsAsync(
    job.list(['a', '', 'b', ''], (job, text) => job.lengthLater(text)),
    { instanceOf: RangeError, message: 'no text' },
  )
  t.is(job.failures.length, 2)
  await job.wait()
  t.is(job.failures.length, 2)
  job.length('a')
  t.is(job.failures.length, 0)
})

test('a plain method cannot block on an async call, and says what to do', (t) => {
  const job = new Tally({ executor: serial() })
  t.throws(() => job.allBlocking(['a'], (job, text) => job.lengthLater(text)), {
    message: /Make|make the @synchronized/,
  })
})

test('a job that is cancelled waits no longer for its async calls', async (t) => {
  const job = new Tally({ executor: serial() })
  void job.never()
  const waiting = job.wait()
  t.is(job.pending, 1)
  job.cancel(new Error('enough'))
  await t.throwsAsync(waiting, { message: 'enough' })
  t.is(job.pending, 0)
})

test('without async calls, cancelling does nothing', async (t) => {
  const job = new Tally({ executor: serial() })
  job.length('a')
  job.cancel()
  await t.notThrowsAsync(job.wait())
})

test('inline() is that of the main entry', async (t) => {
  const job = new Numbers({ executor: inline() })
  t.is(await job.square(3), 9)
})
