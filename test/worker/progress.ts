import { writeFileSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import { type Executor, inline, type Progress, processes, progress, threads } from '../../src/index.js'
import type { ExecutorCall } from '../../src/protocol.js'
import { serial } from '../../src/testing/index.js'
import { Relay, RelayedCall } from '../../src/testing/relay.js'
import { Steps } from '../fixtures/steps.js'
import { Folder } from '../helpers/folder.js'
import { rejectsSaying, throwsSaying } from '../helpers/throws-saying.js'

const workers = { threads: threads({ workers: 1, batch: 8 }), processes: processes({ workers: 1, batch: 8 }) }
test.after.always('the workers are gone', async (t) => {
  await Promise.all(Object.values(workers).map((executor) => executor.close()))
  t.pass()
})

function everywhere(title: string, body: (t: ExecutionContext, executor: Executor) => Promise<void>): void {
  test(`${title} (inline)`, (t) => body(t, inline()))
  for (const [name, executor] of Object.entries(workers)) test.serial(`${title} (${name})`, (t) => body(t, executor))
}

everywhere('a step inside a long call is told while the call runs', async (t, executor) => {
  using folder = new Folder()
  const told: Progress[] = []
  const onProgress = (progress: Progress) => {
    told.push(progress)
    if (progress.computed === 0.25) writeFileSync(folder.file('seen'), '')
  }
  const results = await new Steps({ executor, onProgress }).run((job) => [job.report(0.25, folder.file('seen'))])
  t.deepEqual(results, [0.25])
  const step = told.find(({ computed }) => computed === 0.25)!
  t.like(step, { done: 0, total: 1, failed: 0, dropped: 0, isOver: false })
  t.true(step.callsPerSecond! > 0)
  // Three quarters are left.
  t.true(Math.abs(step.timeLeft! - (0.75 / step.callsPerSecond!) * 1000) < 1e-6)
  t.like(told.at(-1), { done: 1, total: 1, computed: 1, timeLeft: 0, isOver: true })
})

everywhere('the same of an async call', async (t, executor) => {
  using folder = new Folder()
  const onProgress = ({ computed }: Progress) => {
    if (computed === 0.25) writeFileSync(folder.file('seen'), '')
  }
  const results = await new Steps({ executor, onProgress }).run((job) => [job.reportLater(0.25, folder.file('seen'))])
  t.deepEqual(results, [0.25])
})

everywhere('the same of a thread that is blocked', async (t, executor) => {
  using folder = new Folder()
  const onProgress = ({ computed }: Progress) => {
    if (computed === 0.25) writeFileSync(folder.file('seen'), '')
  }
  const results = new Steps({ executor, onProgress }).block((job) => [job.report(0.25, folder.file('seen'))])
  t.deepEqual(results, [0.25])
})

everywhere('a step belongs to the call that told it, wherever that is in its batch', async (t, executor) => {
  using folder = new Folder()
  const told: [number, number][] = []
  const watching = new Watching(executor, (number, fraction) => {
    told.push([number, fraction])
    writeFileSync(folder.file(String(number)), '')
  })
  const job = new Steps({ executor: watching })
  await job.run(() =>
    Array.from({ length: 24 }, (_, i) =>
      i % 3 === 1 ? job.report((i + 1) / 32, folder.file(String(i + 1))) : job.reportOnce((i + 1) / 32),
    ),
  )
  for (const [number, fraction] of told) t.is(fraction, number / 32)
  const numbers = new Set(told.map(([number]) => number))
  for (let i = 1; i < 24; i += 3) t.true(numbers.has(i + 1), String(i + 1))
})

everywhere('nobody needs to listen, and what a call gives is the same', async (t, executor) => {
  const job = new Steps({ executor })
  t.deepEqual(await job.run(() => [job.reportOnce(0), job.reportOnce(1), job.reportOnce(0.5)]), [0, 1, 0.5])
})

everywhere('what is no fraction is refused where it is reported', async (t, executor) => {
  for (const value of [-0.01, 1.01, Number.NaN, Number.POSITIVE_INFINITY]) {
    const job = new Steps({ executor })
    await rejectsSaying(
      t,
      job.run(() => [job.reportAny(value)]),
      RangeError,
      `Cannot report progress of ${value}`,
      'Way out',
    )
  }
  for (const value of ['0.5', undefined, null, 1n]) {
    const job = new Steps({ executor })
    await rejectsSaying(
      t,
      job.run(() => [job.reportAny(value)]),
      TypeError,
      'Cannot report progress',
      typeof value,
      'Way out',
    )
  }
})

everywhere('a report that comes after the end of its call is nobody’s', async (t, executor) => {
  const told: Progress[] = []
  const job = new Steps({ executor, onProgress: (progress) => told.push(progress) })
  for (let i = 0; i < 3; i++) {
    await job.run(() => [job.reportTooLate()])
    await job.run(() => [job.reportOnce(1)])
  }
  for (const { computed, total } of told) t.true(computed <= total)
  t.is(told.filter(({ isOver }) => isOver).length, 6)
})

everywhere('a nested call speaks for the outer one', async (t, executor) => {
  using folder = new Folder()
  const onProgress = ({ computed, total }: Progress) => {
    t.is(total, 1)
    if (computed === 0.5) writeFileSync(folder.file('seen'), '')
  }
  const job = new Steps({ executor, onProgress })
  t.deepEqual(await job.run(() => [job.nested(0.5, folder.file('seen'))]), [0.5])
})

for (const make of [threads, processes]) {
  test(`a call that runs again after its worker died begins at nothing (${make.name})`, async (t) => {
    using folder = new Folder()
    await using executor = make({ workers: 1 })
    const [seen, again] = [folder.file('seen'), folder.file('again')]
    let highest = 0
    const onProgress = ({ computed, isOver }: Progress) => {
      if (computed === 0.5) writeFileSync(seen, '')
      if (highest === 0.5 && computed === 0 && !isOver) writeFileSync(again, '')
      highest = Math.max(highest, computed)
    }
    const job = new Steps({ executor, onProgress })
    t.deepEqual(await job.run(() => [job.dieOnce(0.5, seen, again)]), [0.5])
  })
}

test('outside a concurrent call it does nothing, but looks at what it is given', async (t) => {
  progress(0.5)
  throwsSaying(t, () => progress(2), RangeError, 'Cannot report progress of 2')
  t.is(await new Steps({ executor: serial() }).reportOnce(0.5), 0.5)
})

test('a listener is no part of the call whose step it is told of', async (t) => {
  using folder = new Folder()
  const executor = inline()
  const other = new Steps({ executor })
  let pending = 0
  const onProgress = ({ computed }: Progress) => {
    if (computed !== 0.25 || pending > 0) return
    // Inside a call it would run in place.
    other.reportOnce(1)
    pending = other.pending
    writeFileSync(folder.file('seen'), '')
  }
  await new Steps({ executor, onProgress }).run((job) => [job.report(0.25, folder.file('seen'))])
  await other.wait()
  t.is(pending, 1)
})

/** Tells which call reports which step. */
class Watching extends Relay {
  readonly #onStep: (number: number, fraction: number) => void

  constructor(inner: Executor, onStep: (number: number, fraction: number) => void) {
    super(inner)
    this.#onStep = onStep
  }

  override submit(call: ExecutorCall): void {
    const onStep = this.#onStep
    const watched = new (class extends RelayedCall {
      override progressed(fraction: number): void {
        onStep(this.number, fraction)
        super.progressed(fraction)
      }
    })(call)
    super.submit(watched)
  }
}
