import test, { type ExecutionContext } from 'ava'
import { type Executor, TimeoutError, threads, WorkerCrashError } from '../../src/index.js'
import { Faulty } from '../fixtures/faulty.js'

const counter = () => new Int32Array(new SharedArrayBuffer(4))
const squares = (count: number) => Array.from({ length: count }, (_, n) => [n, n * n])

type Style = 'run' | 'block'

function inBothStyles(
  title: string,
  body: (t: ExecutionContext, style: Style, executor: Executor) => Promise<void>,
  options: Parameters<typeof threads>[0] = { workers: 1 },
): void {
  for (const style of ['run', 'block'] as const) {
    test(`${title} (${style === 'run' ? 'async' : 'blocking'})`, async (t) => {
      await using executor = threads(options)
      await body(t, style, executor)
    })
  }
}

inBothStyles('a call that ends its worker runs again as often as it may', async (t, style, executor) => {
  const job = new Faulty({ executor })
  const runs = counter()
  const result = await job[style]((job) => [job.crash(runs, 2, 7)])
  t.deepEqual(result, [49])
  t.is(runs[0], 3)
})

inBothStyles('and no more often: the error says how often it was tried', async (t, style, executor) => {
  const job = new Faulty({ executor })
  const runs = counter()
  const error = await t.throwsAsync(async () => job[style]((job) => [job.crash(runs, 9, 7)]), {
    instanceOf: WorkerCrashError,
  })
  t.regex(error!.message, /call of Faulty\.crash: its worker died .*, 3 times/)
  t.is(runs[0], 3)
  t.deepEqual(await job.run((job) => [job.square(3)]), [9])
})

inBothStyles(
  'the other calls of its batch run elsewhere, and lose nothing',
  async (t, style, executor) => {
    const job = new Faulty({ executor })
    const runs = counter()
    await job[style]((job) => {
      for (let n = 0; n < 60; n++) job.results.set(n, n === 25 ? job.crash(runs, 1, n) : job.square(n))
    })
    t.deepEqual([...job.results], squares(60))
    t.is(runs[0], 2)
  },
  { workers: 2, batch: 30 },
)

inBothStyles(
  'without retries what came before it is committed, and it alone has failed',
  async (t, style, executor) => {
    const job = new Faulty({ executor })
    await t.throwsAsync(
      async () =>
        job[style]((job) => {
          for (let n = 0; n < 60; n++) job.results.set(n, job.crashAt(n, 25))
        }),
      { instanceOf: WorkerCrashError },
    )
    t.is(job.failures.length, 1)
    t.deepEqual(
      squares(25).filter(([n]) => !job.results.isPending(n!)),
      squares(25),
    )
    t.true(job.results.isPending(25))
    t.deepEqual(await job.run((job) => [job.square(3)]), [9])
  },
  { workers: 2, batch: 30 },
)

inBothStyles('a call that takes too long is stopped', async (t, style, executor) => {
  const job = new Faulty({ executor })
  const runs = counter()
  const error = await t.throwsAsync(async () => job[style]((job) => [job.hangOnce(runs)]), { instanceOf: TimeoutError })
  t.regex(error!.message, /call of Faulty\.hangOnce: it ran for longer than 100 ms/)
  t.is(runs[0], 1)
  t.deepEqual(await job.run((job) => [job.square(3)]), [9])
})

inBothStyles('and run again as often as it may', async (t, style, executor) => {
  const job = new Faulty({ executor })
  t.deepEqual(await job[style]((job) => [job.hang(counter(), 1)]), ['ended'])
  const error = await t.throwsAsync(async () => job[style]((job) => [job.hang(counter(), 9)]), {
    instanceOf: TimeoutError,
  })
  t.regex(error!.message, /2 times/)
})

test('a cancelled job does not hold on to its worker, and other jobs on it lose nothing', async (t) => {
  await using executor = threads({ workers: 1 })
  const [looping, other] = [new Faulty({ executor }), new Faulty({ executor })]
  await other.run((job) => job.square(1))
  const runs = counter()
  looping.loop(runs)
  for (let n = 0; n < 20; n++) other.results.set(n, other.square(n))
  while (Atomics.load(runs, 0) === 0) await new Promise((resolve) => setImmediate(resolve))
  looping.cancel(new Error('enough'))
  await t.throwsAsync(looping.wait(), { message: 'enough' })
  await other.wait()
  t.deepEqual([...other.results], squares(20))
})

test('an earlier error stops the calls that a serial run would never have reached', async (t) => {
  await using executor = threads({ workers: 2 })
  const job = new Faulty({ executor })
  const runs = counter()
  await t.throwsAsync(
    job.run(async (job) => {
      job.crashAt(0, 0)
      job.loop(runs)
    }),
    { instanceOf: WorkerCrashError },
  )
  t.deepEqual(await job.run((job) => [job.square(3), job.square(4)]), [9, 16])
})
