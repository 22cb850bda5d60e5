import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { type Executor, inline, Job, type Progress, processes, shared, threads } from '../src/index.js'
import { shuffled } from '../src/testing/index.js'
import { Numbers } from './fixtures/numbers.js'
import { Steps } from './fixtures/steps.js'
import { eachExecutor } from './helpers/each-executor.js'
import { Folder } from './helpers/folder.js'
import { runNode } from './helpers/run-program.js'
import { throwsSaying } from './helpers/throws-saying.js'

// What must hold of everything that is told of one job.
function checkTold(t: ExecutionContext, told: readonly Progress[]): void {
  let before: Progress | undefined
  for (const now of told) {
    const { done, total, failed, dropped, computed, callsPerSecond, timeLeft, elapsed, isOver } = now
    t.true(done >= 0 && failed >= 0 && dropped >= 0 && done + failed + dropped <= total, JSON.stringify(now))
    t.true(computed >= done && computed <= total, JSON.stringify(now))
    for (const figure of [callsPerSecond, timeLeft])
      t.true(figure === undefined || (figure >= 0 && figure < Number.POSITIVE_INFINITY))
    t.true(elapsed >= 0)
    if (isOver) {
      t.is(done + failed + dropped, total)
      t.is(timeLeft, 0)
    }
    if (before !== undefined && !before.isOver) {
      t.true(done >= before.done && total >= before.total && failed >= before.failed && elapsed >= before.elapsed)
      // The rate is bounded, but for the end.
      if (!isOver) t.true(elapsed - before.elapsed >= 95, `${elapsed - before.elapsed}`)
    }
    before = now
  }
  t.true(before?.isOver ?? true)
}

type Deed = 'square' | 'later' | 'fail' | 'again' | 'cancel'
const deeds = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom<Deed>('square', 'later', 'again') },
    { weight: 1, arbitrary: fc.constantFrom<Deed>('fail', 'cancel') },
  ),
  { minLength: 1, maxLength: 30 },
)

async function counts(t: ExecutionContext, executor: Executor, phases: readonly (readonly Deed[])[]): Promise<void> {
  const told: Progress[] = []
  const job = new Numbers({ executor, onProgress: (progress) => told.push(progress) })
  for (const phase of phases) {
    const total = { n: 0 }
    const calls = phase.filter((deed) => deed !== 'cancel').length
    const first = phase.filter((deed) => deed !== 'cancel').indexOf('fail')
    let isCancelled = false
    const ends = told.filter(({ isOver }) => isOver).length
    const run = job.run(async () => {
      for (const deed of phase) {
        if (deed === 'cancel') {
          // What is cancelled when no call is pending is nothing.
          isCancelled ||= job.pending > 0
          job.cancel()
        } else if (deed === 'again') job.countAgain(total)
        else job.list.push(deed === 'square' ? job.square(2) : deed === 'later' ? job.later(2) : job.fail(2))
      }
    })
    const outcome = await run.then(
      () => 'fulfilled',
      () => 'rejected',
    )
    const last = told.at(-1)!
    t.is(told.filter(({ isOver }) => isOver).length, ends + (calls > 0 ? 1 : 0))
    if (calls === 0) continue
    t.is(last.total, calls)
    t.is(outcome, isCancelled || first !== -1 ? 'rejected' : 'fulfilled')
    if (isCancelled) {
      // The reason is the first of them.
      t.is(last.failed, job.failures.length - 1)
      t.true(last.dropped > 0)
      if (first === -1) t.is(last.failed, 0)
    } else if (first !== -1) {
      t.is(last.done, first)
      t.is(last.failed, job.failures.length)
      t.true(last.failed >= 1)
    } else t.like(last, { done: calls, failed: 0, dropped: 0, computed: calls })
  }
  checkTold(t, told)
}

test('whatever calls come to, the last event of a phase accounts for each of them (inline)', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 1, maxLength: 3 }), (phases) => counts(t, inline(), phases)),
    { numRuns: 25 },
  )
})

test('the same in any order of completion', async (t) => {
  const phases = fc.array(deeds, { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(phases, fc.nat(1000), (phases, seed) => counts(t, shuffled({ seed }), phases)),
    { numRuns: 25 },
  )
})

test('the same on threads', async (t) => {
  await using executor = threads({ workers: 2 })
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 1, maxLength: 3 }), (phases) => counts(t, executor, phases)),
    { numRuns: 8 },
  )
})

test('the same on processes', async (t) => {
  await using executor = processes({ workers: 2 })
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 1, maxLength: 3 }), (phases) => counts(t, executor, phases)),
    { numRuns: 2 },
  )
})

eachExecutor('a call that must run again is done once', async (t, executor) => {
  const told: Progress[] = []
  const total = { n: 0 }
  await new Numbers({ executor, onProgress: (progress) => told.push(progress) }).run((job) => {
    for (let i = 0; i < 20; i++) job.countAgain(total)
  })
  t.is(total.n, 20)
  t.like(told.at(-1), { done: 20, total: 20, failed: 0, dropped: 0, computed: 20 })
  checkTold(t, told)
})

eachExecutor('calls that are made after a failure are dropped, and counted', async (t, executor) => {
  const told: Progress[] = []
  const job = new Numbers({ executor, onProgress: (progress) => told.push(progress) })
  await t.throwsAsync(
    job.run(async () => {
      job.square(1)
      await (job.fail(2) as unknown as Promise<number>).catch(() => {})
      for (let i = 0; i < 5; i++) job.square(i)
    }),
  )
  t.like(told.at(-1), { done: 1, total: 7, failed: 1, dropped: 5, isOver: true })
  checkTold(t, told)
})

eachExecutor('a job that is cancelled ends with what was done, and no call has failed', async (t, executor) => {
  const told: Progress[] = []
  const job = new Numbers({ executor, onProgress: (progress) => told.push(progress) })
  const error: unknown = await job
    .run(async () => {
      await job.square(1)
      for (let i = 0; i < 5; i++) job.square(i)
      job.cancel('enough')
    })
    .catch((reason) => reason)
  t.is(error, 'enough')
  t.like(told.at(-1), { done: 1, total: 6, failed: 0, dropped: 5, isOver: true })
  // And the next phase is as good as any.
  await job.run(() => job.square(2))
  t.like(told.at(-1), { done: 1, total: 1, failed: 0, dropped: 0, isOver: true })
  checkTold(t, told)
})

eachExecutor('a listener may cancel the job', async (t, executor) => {
  const told: Progress[] = []
  const job = new Numbers({ executor })
  job.on('progress', (progress) => {
    told.push(progress)
    if (!progress.isOver) job.cancel('enough')
  })
  const error: unknown = await job
    .run(() => {
      for (let i = 0; i < 200; i++) job.list.push(job.later(i))
    })
    .catch((reason) => reason)
  t.is(error, 'enough')
  t.is(told.length, 2)
  t.is(told[1]!.done + told[1]!.dropped, 200)
  checkTold(t, told)
})

eachExecutor('the end of a phase is told before its synchronization event returns or throws', async (t, executor) => {
  const order: string[] = []
  const job = new Numbers({ executor, onProgress: ({ isOver }) => isOver && order.push('told') })
  await job.run(() => job.square(2))
  order.push('returned')
  job.block(() => [job.square(2)])
  order.push('returned')
  await job.run(() => job.fail(2)).catch(() => order.push('thrown'))
  t.deepEqual(order, ['told', 'returned', 'told', 'returned', 'told', 'thrown'])
})

test('a phase without calls is none', async (t) => {
  const job = new Numbers({ executor: inline(), onProgress: () => t.fail() })
  await job.run(() => {})
  await job.wait()
  job.waitSync()
  t.pass()
})

test('a phase lasts until calls are committed that were made while shared values were looked at', async (t) => {
  await using executor = threads({ workers: 1 })
  const told: Progress[] = []
  const job = new Numbers({ executor, onProgress: (progress) => told.push(progress) })
  const list = shared(new Float64Array([1, 2]))
  const waiting = job.run(() => job.sum(list as never))
  // Its calls are committed, and the worker is being asked.
  const late = (async () => {
    while (job.pending > 0) await new Promise((resolve) => setImmediate(resolve))
    job.square(3)
  })()
  await Promise.all([waiting, late])
  t.like(told.at(-1), { done: 2, total: 2, isOver: true })
  t.is(told.filter(({ isOver }) => isOver).length, 1)
  checkTold(t, told)
})

for (const make of [threads, processes]) {
  test(`a thread that is blocked tells how things stand before anything has come of it (${make.name})`, async (t) => {
    using folder = new Folder()
    await using executor = make({ workers: 1 })
    const told: Progress[] = []
    const onProgress = (progress: Progress) => {
      told.push(progress)
      writeFileSync(folder.file('seen'), '')
    }
    new Steps({ executor, onProgress }).block((job) => job.hold(folder.file('seen')))
    t.like(told[0], { done: 0, total: 1, computed: 0, callsPerSecond: undefined, timeLeft: undefined, isOver: false })
    checkTold(t, told)
  })

  test(`so does the event loop (${make.name})`, async (t) => {
    using folder = new Folder()
    await using executor = make({ workers: 1 })
    const told: Progress[] = []
    const onProgress = (progress: Progress) => {
      told.push(progress)
      writeFileSync(folder.file('seen'), '')
    }
    await new Steps({ executor, onProgress }).run((job) => job.hold(folder.file('seen')))
    t.like(told[0], { done: 0, total: 1, computed: 0, callsPerSecond: undefined, timeLeft: undefined, isOver: false })
    checkTold(t, told)
  })
}

test('what has arrived counts as computed, though it waits for an earlier call to be committed', async (t) => {
  using folder = new Folder()
  await using executor = threads({ workers: 2 })
  const told: Progress[] = []
  const onProgress = (progress: Progress) => {
    told.push(progress)
    if (progress.computed === 30) writeFileSync(folder.file('go on'), '')
  }
  await new Steps({ executor, onProgress }).run((job) => {
    job.hold(folder.file('go on'))
    for (let i = 0; i < 30; i++) job.reportOnce(1)
  })
  t.like(
    told.find(({ computed }) => computed === 30),
    { done: 0, total: 31 },
  )
  checkTold(t, told)
})

eachExecutor('listeners can be added and taken away at any time', async (t, executor) => {
  const heard: string[] = []
  const job = new Numbers({ executor })
  const listener =
    (name: string) =>
    ({ isOver }: Progress) =>
      isOver && heard.push(name)
  const [a, b] = [listener('a'), listener('b')]
  await job.run(() => job.square(1))
  t.is(job.on('progress', a), job)
  await job.run(() => job.square(1))
  job.on('progress', b).on('progress', b)
  await job.run(() => job.square(1))
  t.is(job.off('progress', a), job)
  await job.run(() => job.square(1))
  job.off('progress', b).off('progress', b)
  await job.run(() => job.square(1))
  // In the middle of a phase.
  await job.run(async () => {
    job.square(1)
    job.on('progress', a)
    await job.square(2)
    job.square(3)
  })
  t.deepEqual(heard, ['a', 'a', 'b', 'b', 'a'])
})

eachExecutor('onProgress is a listener like others', async (t, executor) => {
  let told = 0
  const onProgress = () => void told++
  const job = new Numbers({ executor, onProgress })
  await job.run(() => job.square(1))
  t.true(told > 0)
  told = 0
  job.off('progress', onProgress)
  await job.run(() => job.square(1))
  t.is(told, 0)
})

test('a listener may make calls, and take itself away', async (t) => {
  const job = new Numbers({ executor: inline() })
  let told = 0
  job.on('progress', function once() {
    told++
    job.off('progress', once)
    job.list.push(job.square(7))
  })
  await job.run(() => job.square(1))
  await job.wait()
  t.is(told, 1)
  t.is(job.list[0], 49)
})

test('an event that there is not and a listener that is none are refused', (t) => {
  const job = new Numbers({ executor: inline() })
  for (const name of ['on', 'off'] as const) {
    throwsSaying(t, () => job[name]('done' as never, () => {}), TypeError, 'done', 'Numbers', "Way out: 'progress'")
    throwsSaying(t, () => job[name]('progress', 7 as never), TypeError, 'Numbers', 'a function')
  }
})

test('a listener that throws is an uncaught error of its own, and the job goes on', async (t) => {
  const { code, output, stdout } = await runNode([program('progress-listener')])
  t.is(code, 0, output)
  t.is(stdout, 'uncaught: told 2\n[1,4]\n')
})

test('nothing is told of a job in a worker', (t) => {
  // What a worker has is a copy, which never was constructed.
  const copy = Object.create(Job.prototype) as Job
  t.is(
    copy.on('progress', () => t.fail()),
    copy,
  )
  t.is(
    copy.off('progress', () => {}),
    copy,
  )
})

function program(name: string): string {
  return fileURLToPath(new URL(`fixtures/programs/${name}.js`, import.meta.url))
}
