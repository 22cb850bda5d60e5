import test from 'ava'
import { configure, inline, Job, PendingReadError } from '../src/index.js'
import { Numbers } from './fixtures/numbers.js'
import { eachExecutor } from './helpers/each-executor.js'
import { rejectsSaying, throwsSaying } from './helpers/throws-saying.js'

// biome-ignore lint/suspicious/noExplicitAny: what the types refuse must be told to those who have none
const untyped = (value: unknown): any => value

for (const executor of [{}, 'threads', 7, null, () => inline()]) {
  test(`an executor that is ${executor === null ? 'null' : typeof executor} is refused when the job is constructed`, (t) => {
    throwsSaying(
      t,
      () => new Numbers({ executor: untyped(executor) }),
      TypeError,
      'the executor of Numbers',
      'must be an executor',
      'threads(), processes() or inline()',
    )
    throwsSaying(
      t,
      () => configure({ executor: untyped(executor) }),
      TypeError,
      'configure({ executor })',
      'must be an executor',
      'threads(), processes() or inline()',
    )
  })
}

test('a signal that is none and a listener that is none are refused', (t) => {
  throwsSaying(t, () => new Numbers(untyped({ signal: 'now' })), TypeError, 'signal', 'Numbers', 'an AbortSignal')
  throwsSaying(t, () => new Numbers(untyped({ signal: null })), TypeError, 'signal', 'Numbers', 'an AbortSignal')
  throwsSaying(t, () => new Numbers(untyped({ onProgress: true })), TypeError, 'onProgress', 'Numbers', 'a function')
})

eachExecutor('pending counts the calls that are not committed', async (t, executor) => {
  const job = new Numbers({ executor })
  t.is(job.pending, 0)
  job.square(1)
  job.square(2)
  t.is(job.pending, 2)
  await job.wait()
  t.is(job.pending, 0)
})

eachExecutor('wait() can be called twice, at once and on a job that made no calls', async (t, executor) => {
  const job = new Numbers({ executor })
  await job.wait()
  job.results.set('a', job.square(3))
  await Promise.all([job.wait(), job.wait()])
  await job.wait()
  t.is(job.results.get('a'), 9)
})

eachExecutor('wait() throws the error of a phase once', async (t, executor) => {
  const job = new Numbers({ executor })
  job.fail(3)
  await rejectsSaying(t, job.wait(), RangeError, 'number 3')
  await job.wait()
  job.waitSync()
})

eachExecutor('waitSync() blocks until all is committed, and throws the earliest error', (t, executor) => {
  const job = new Numbers({ executor })
  job.results.set('a', job.square(3))
  job.waitSync()
  t.is(job.results.get('a'), 9)
  job.fail(5)
  throwsSaying(t, () => job.waitSync(), RangeError, 'number 5')
  job.waitSync()
})

eachExecutor('await using waits for the calls', async (t, executor) => {
  let results: ReadonlyMap<string, number>
  {
    await using job = new Numbers({ executor })
    job.results.set('a', job.square(3))
    results = job.results
  }
  t.is(results.get('a'), 9)
})

eachExecutor('await using throws the error of a call', async (t, executor) => {
  const use = async () => {
    await using job = new Numbers({ executor })
    job.fail(3)
  }
  await rejectsSaying(t, use, RangeError, 'number 3')
})

eachExecutor('cancel() drops what is not committed, and the next event throws its reason', async (t, executor) => {
  const job = new Numbers({ executor })
  job.results.set('a', job.square(1))
  await job.wait()
  job.results.set('b', job.square(2))
  const future = job.later(3)
  job.cancel(new RangeError('enough'))
  t.is(job.pending, 0)
  await rejectsSaying(t, future, RangeError, 'enough')
  await rejectsSaying(t, job.wait(), RangeError, 'enough')
  t.is(job.results.get('a'), 1)
  throwsSaying(t, () => job.results.get('b'), RangeError, 'enough')
  t.is(await job.run(() => job.square(4)), 16)
})

test('cancel() without a reason throws an AbortError', async (t) => {
  const job = new Numbers({ executor: inline() })
  job.square(1)
  job.cancel()
  const error = await job.wait().catch((reason: unknown) => reason)
  t.true(error instanceof DOMException)
  t.is((error as DOMException).name, 'AbortError')
})

test('cancel() on a job that has nothing pending changes nothing', async (t) => {
  const job = new Numbers({ executor: inline() })
  job.cancel()
  t.is(await job.run(() => job.square(4)), 16)
  job.cancel()
  await job.wait()
  t.pass()
})

eachExecutor('cancel() within a synchronized method ends it with the reason', async (t, executor) => {
  const body = (job: Numbers) => {
    job.list.push(job.square(1))
    job.cancel(new RangeError('enough'))
    job.list.push(job.square(2))
  }
  await rejectsSaying(t, new Numbers({ executor }).run(body), RangeError, 'enough')
  throwsSaying(t, () => new Numbers({ executor }).block(body), RangeError, 'enough')
})

eachExecutor('a signal cancels the job', async (t, executor) => {
  const controller = new AbortController()
  const job = new Numbers({ executor, signal: controller.signal })
  t.is(await job.run(() => job.square(2)), 4)
  job.square(3)
  controller.abort(new RangeError('stop'))
  t.is(job.pending, 0)
  await rejectsSaying(t, job.wait(), RangeError, 'stop')
})

eachExecutor('a job whose signal is aborted already makes no calls', async (t, executor) => {
  const signal = AbortSignal.abort(new RangeError('too late'))
  const job = new Numbers({ executor, signal })
  await rejectsSaying(
    t,
    job.run(() => job.square(2)),
    RangeError,
    'too late',
  )
  throwsSaying(t, () => job.block(() => [job.square(2), job.square(3)]), RangeError, 'too late')
})

test('the members of a job on something that is none do nothing', async (t) => {
  const impostor = Object.create(Job.prototype) as Job
  t.is(impostor.pending, 0)
  t.deepEqual(impostor.failures, [])
  await impostor.wait()
  impostor.waitSync()
  impostor.cancel()
})

test('a read of a pending slot between two events throws, and after the event it does not', async (t) => {
  const job = new Numbers({ executor: inline() })
  job.results.set('a', job.square(3))
  throwsSaying(
    t,
    () => job.results.get('a'),
    PendingReadError,
    'this.results.get("a")',
    'await this.results.settled(',
    'await this.wait()',
  )
  job.waitSync()
  t.is(job.results.get('a'), 9)
})
