import test, { type ExecutionContext } from 'ava'
import { type Executor, move, TimeoutError, threads, WorkerCrashError } from '../../src/index.js'
import { Faulty, importing, type Shared } from '../fixtures/faulty.js'

const counter = () => new Int32Array(new SharedArrayBuffer(8))

function open(gate: Shared): void {
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
}

async function hasBegun(gate: Shared): Promise<void> {
  while (Atomics.load(gate, 1) === 0) await new Promise((resolve) => setImmediate(resolve))
}

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
  t.like(error, { method: 'Faulty.crash', attempts: 3, exitCode: 3, signal: undefined })
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
  'what was finished when a worker exits does not run again',
  async (t, style, executor) => {
    const [keeper, job] = [new Faulty({ executor }), new Faulty({ executor })]
    const [gate, runs] = [counter(), counter()]
    keeper.hold(gate)
    await t.throwsAsync(
      async () =>
        job[style]((job) => {
          for (let n = 0; n < 5; n++) job.count(runs)
          job.crashAt(0, 0)
          // All are waiting now, and leave together.
          open(gate)
        }),
      { instanceOf: WorkerCrashError },
    )
    t.is(runs[0], 5)
    await keeper.wait()
  },
  { workers: 1, batch: 6 },
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
  t.like(error, { method: 'Faulty.hang', attempts: 2 })
})

inBothStyles('a call that is tried again commits once', async (t, style, executor) => {
  const job = new Faulty({ executor })
  const list: number[] = []
  const runs = counter()
  const bytes = move(new Uint8Array(5))
  t.deepEqual(await job[style]((job) => [job.changeAndCrash(runs, list, bytes)]), [1])
  t.deepEqual(list, [5])
  t.is(job.changes, 1)
  t.is(runs[0], 2)
})

inBothStyles(
  'an earlier error stops the calls that a serial run would never have reached',
  async (t, style, executor) => {
    const job = new Faulty({ executor })
    const runs = counter()
    await t.throwsAsync(
      async () =>
        job[style]((job) => {
          job.crashAt(0, 0)
          job.loop(runs)
        }),
      { instanceOf: WorkerCrashError },
    )
    const next = new Faulty({ executor })
    t.deepEqual(await next[style]((job) => [job.square(3), job.square(4)]), [9, 16])
    await isStill(runs)
    t.pass()
  },
  { workers: 2 },
)

test('a call waits for no worker that loops between calls, if it has a timeout', async (t) => {
  await using executor = threads({ workers: 1 })
  const job = new Faulty({ executor })
  await job.run((job) => [job.later('loop')])
  t.is(await job.run((job) => job.hang(counter(), 0)), 'ended')
})

// Waits until nobody counts any more.
async function isStill(runs: Shared): Promise<void> {
  for (let before = -1; before !== Atomics.load(runs, 0); ) {
    before = Atomics.load(runs, 0)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

// A job of which two calls are committed and the third never ends, with ten more behind it.
async function looping(executor: Executor, signal?: AbortSignal): Promise<{ job: Faulty; runs: Shared }> {
  const job = new Faulty({ executor, ...(signal && { signal }) })
  const runs = counter()
  for (const n of [0, 1]) job.results.set(n, job.square(n))
  await job.wait()
  job.results.set(2, job.loop(runs))
  for (let n = 3; n < 13; n++) job.results.set(n, job.square(n))
  while (Atomics.load(runs, 0) === 0) await new Promise((resolve) => setImmediate(resolve))
  return { job, runs }
}

// What was committed stays, what was not shows; the worker is free.
async function isCancelled(t: ExecutionContext, executor: Executor, job: Faulty, runs: Shared): Promise<void> {
  t.is(job.pending, 0)
  t.deepEqual([job.results.get(0), job.results.get(1)], [0, 1])
  t.deepEqual(
    Array.from({ length: 13 }, (_, n) => job.results.isPending(n)),
    Array.from({ length: 13 }, (_, n) => n > 1),
  )
  t.is(await new Faulty({ executor }).run((job) => job.square(3)), 9)
  await isStill(runs)
  t.is(await job.run((job) => job.square(4)), 16)
}

test('cancel() drops what has not begun and stops what runs', async (t) => {
  await using executor = threads({ workers: 1 })
  const { job, runs } = await looping(executor)
  job.cancel(new Error('enough'))
  await t.throwsAsync(job.wait(), { message: 'enough' })
  await isCancelled(t, executor, job, runs)
})

test('so does a signal', async (t) => {
  await using executor = threads({ workers: 1 })
  const controller = new AbortController()
  const { job, runs } = await looping(executor, controller.signal)
  const waited = job.wait()
  controller.abort(new Error('aborted'))
  await t.throwsAsync(waited, { message: 'aborted' })
  t.deepEqual([job.results.isPending(1), job.results.isPending(2)], [false, true])
  await isStill(runs)
  t.is(await new Faulty({ executor }).run((job) => job.square(3)), 9)
})

test('so does AbortSignal.timeout()', async (t) => {
  await using executor = threads({ workers: 1 })
  const job = new Faulty({ executor, signal: AbortSignal.timeout(200) })
  const runs = counter()
  job.loop(runs)
  await t.throwsAsync(job.wait(), { any: true, name: 'TimeoutError' })
  t.is(await new Faulty({ executor }).run((job) => job.square(3)), 9)
})

test('other jobs on the worker of a cancelled one lose nothing', async (t) => {
  await using executor = threads({ workers: 1, batch: 30 })
  const jobs = Array.from({ length: 3 }, () => new Faulty({ executor }))
  const [gate, runs] = [counter(), counter()]
  await jobs[0]!.run((job) => job.square(1))
  const keeper = new Faulty({ executor })
  keeper.hold(gate)
  // All travel together: twenty of two jobs, and among them one that never ends.
  for (const job of jobs.slice(0, 2)) for (let n = 0; n < 10; n++) job.results.set(n, job.square(n))
  jobs[2]!.loop(runs)
  open(gate)
  while (Atomics.load(runs, 0) === 0) await new Promise((resolve) => setImmediate(resolve))
  for (let n = 10; n < 20; n++) jobs[0]!.results.set(n, jobs[0]!.square(n))
  jobs[2]!.cancel()
  for (const [i, job] of jobs.slice(0, 2).entries()) {
    await job.wait()
    t.deepEqual([...job.results], squares(i === 0 ? 20 : 10))
  }
  await keeper.wait()
})

test('calls that travel with one that is running are not begun once they are cancelled', async (t) => {
  await using executor = threads({ workers: 1, batch: 6 })
  const [keeper, job, other] = [new Faulty({ executor }), new Faulty({ executor }), new Faulty({ executor })]
  const [first, second, runs] = [counter(), counter(), counter()]
  keeper.hold(first)
  job.hold(second)
  for (let n = 0; n < 5; n++) job.count(runs)
  open(first)
  await hasBegun(second)
  job.cancel()
  open(second)
  await t.throwsAsync(job.wait(), { any: true, name: 'AbortError' })
  t.is(await other.run((job) => job.square(3)), 9)
  t.is(runs[0], 0)
  await keeper.wait()
})

test('a cancelled job leaves nothing behind that others would have to wait for', async (t) => {
  await using executor = threads({ workers: 1 })
  const [keeper, lost, other] = Array.from({ length: 3 }, () => new Faulty({ executor }))
  const gate = counter()
  keeper!.hold(gate)
  for (let n = 0; n < 100; n++) lost!.square(n)
  const squared = other!.run((job) => job.square(7))
  lost!.cancel()
  open(gate)
  t.is(await squared, 49)
})

test('a worker that imports for nobody is given up', async (t) => {
  await using executor = threads({ workers: 1 })
  const job = new (importing('await new Promise(() => {})', 100))({ executor })
  job.call()
  await new Promise((resolve) => setImmediate(resolve))
  job.cancel()
  t.is(await new Faulty({ executor }).run((job) => job.square(3)), 9)
})

test('a program does not end while a call waits for a worker from which others were taken back', async (t) => {
  await using executor = threads({ workers: 1 })
  const job = new Faulty({ executor })
  for (let n = 0; n < 20; n++) {
    job.square(n)
    job.cancel()
    await t.throwsAsync(job.wait(), { any: true, name: 'AbortError' })
    t.is(await job.run((job) => job.square(n)), n * n)
  }
})
