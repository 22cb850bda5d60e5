import type { Worker } from 'node:worker_threads'
import test from 'ava'
import { TimeoutError, threads, WorkerCrashError } from '../../src/index.js'
import { Faulty } from '../fixtures/faulty.js'
import { throwsSaying } from '../helpers/throws-saying.js'

const MB = 2 ** 20

test('a worker that holds more than recycleAbove is replaced when its batch is done, and no call is lost', async (t) => {
  await using executor = threads({ workers: 1, recycleAbove: 64 * MB })
  const job = new Faulty({ executor })
  const first = await job.run((job) => job.hoard(1 * MB))
  t.is(await job.run((job) => job.hoard(1 * MB)), first)
  t.is(await job.run((job) => job.hoard(80 * MB)), first)
  const next = await job.run((job) => Array.from({ length: 10 }, () => job.hoard(1000)))
  t.not(next[0], first)
  t.is(new Set(next).size, 1)
})

test('the same, while the thread is blocked', async (t) => {
  await using executor = threads({ workers: 1, recycleAbove: 64 * MB })
  const job = new Faulty({ executor })
  const [first] = job.block((job) => [job.hoard(80 * MB)])
  const [next] = job.block((job) => [job.hoard(1000)])
  t.not(next, first)
})

for (const value of [0, -1, 1.5, Number.NaN, '2', null]) {
  test(`threads({ recycleAbove: ${typeof value === 'string' ? `'${value}'` : value} }) is refused`, (t) => {
    throwsSaying(
      t,
      () => threads({ recycleAbove: value as number }),
      RangeError,
      `Cannot use ${value} for threads({ recycleAbove })`,
    )
  })
}

// The workers that there are. Those of other tests come later.
const alive = new Set<Worker>()
process.on('worker', (worker) => {
  alive.add(worker)
  worker.once('exit', () => alive.delete(worker))
})

test.serial('close() while calls run fails them, and ends with the workers, however often it is called', async (t) => {
  const executor = threads({ workers: 2 })
  const job = new Faulty({ executor })
  const runs = [new Int32Array(new SharedArrayBuffer(4)), new Int32Array(new SharedArrayBuffer(4))]
  for (const counter of runs) job.loop(counter)
  for (let n = 0; n < 10; n++) job.square(n)
  while (runs.some((counter) => Atomics.load(counter, 0) === 0)) await new Promise((resolve) => setImmediate(resolve))
  t.is(alive.size, 2)
  const closing = [executor.close(), executor.close(), executor[Symbol.asyncDispose]()]
  await closing[2]
  t.is(alive.size, 0)
  await Promise.all(closing)
  const error = await t.throwsAsync(job.wait(), { instanceOf: WorkerCrashError })
  t.regex(error!.message, /Faulty\.loop: its executor has been closed/)
})

test.serial('close() also waits for workers that are being stopped already', async (t) => {
  const executor = threads({ workers: 1 })
  const job = new Faulty({ executor })
  await t.throwsAsync(
    job.run((job) => job.hangOnce(new Int32Array(new SharedArrayBuffer(4)))),
    { instanceOf: TimeoutError },
  )
  await executor.close()
  t.is(alive.size, 0)
  await t.throwsAsync(
    job.run((job) => job.square(1)),
    { instanceOf: WorkerCrashError, message: /has been closed/ },
  )
})

test('jobs go on while an executor of others is shut down', async (t) => {
  await using executor = threads({ workers: 1 })
  const other = threads({ workers: 1 })
  const stopped = new Faulty({ executor: other })
  const looping = stopped.run((job) => job.loop(new Int32Array(new SharedArrayBuffer(4))))
  const closing = other.close()
  const job = new Faulty({ executor })
  t.is(await job.run((job) => job.square(3)), 9)
  await t.throwsAsync(looping, { instanceOf: WorkerCrashError })
  await closing
})

test('hundreds of jobs at once', async (t) => {
  await using executor = threads({ workers: 2 })
  const jobs = Array.from({ length: 400 }, () => new Faulty({ executor }))
  const sums = await Promise.all(
    jobs.map((job, i) => job.run((job) => Array.from({ length: 10 }, (_, n) => job.square(i + n)))),
  )
  t.deepEqual(
    sums,
    jobs.map((_, i) => Array.from({ length: 10 }, (_, n) => (i + n) ** 2)),
  )
})

test('a job that is disposed of waits for its calls, once or twice', async (t) => {
  await using executor = threads({ workers: 1 })
  const job = new Faulty({ executor })
  for (let n = 0; n < 5; n++) job.results.set(n, job.square(n))
  await job[Symbol.asyncDispose]()
  await job[Symbol.asyncDispose]()
  t.is(job.pending, 0)
  t.is(job.results.get(4), 16)
})
