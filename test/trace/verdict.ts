// Real runs, each made to be bad in one way, and badly enough that nothing else can come before it on a machine that is busy.

import test, { type ExecutionContext } from 'ava'
import { threads } from '../../src/index.js'
import { type Loss, record, type Trace, type Verdict, verdict } from '../../src/trace/index.js'
import { Badly } from '../fixtures/badly.js'

const WORKERS = 2
const TOLERANCE = 1e-6

/** What a run on workers that have run calls before was worth. */
async function verdictOn(
  run: (job: Badly) => Promise<unknown>,
  options: { batch?: number } = {},
): Promise<[Verdict, Trace]> {
  await using executor = threads({ workers: WORKERS, ...options })
  const job = new Badly({ executor })
  await warmUp(job)
  using recording = record()
  await run(job)
  const trace = recording.stop()
  return [verdict(trace), trace]
}

/** Runs calls until all workers have run some. */
async function warmUp(job: Badly): Promise<void> {
  for (const seen = new Set<number>(); seen.size < WORKERS; ) {
    using recording = record()
    await job.all(new Array(4 * WORKERS).fill(5))
    await job.doubled(10)
    for (const { worker } of recording.trace.calls) if (worker !== null) seen.add(worker)
  }
}

/** Every moment of every worker is counted once, and runs as they were recorded. */
function addsUp(
  t: ExecutionContext,
  { workers, wall, run, busy, losses, speedUp, bound, least, longest }: Verdict,
  trace: Trace,
): void {
  const { calls } = trace
  const whole = workers * wall
  const near = (value: number, expected: number) =>
    t.true(Math.abs(value - expected) <= TOLERANCE * whole, `${value} ${expected}`)
  near(
    losses.reduce((sum, { time }) => sum + time, run),
    whole,
  )
  near(wall, Math.max(...calls.map(({ over }) => over)) - Math.min(...calls.map(({ made }) => made)))
  near(speedUp * wall, run)
  near(bound * least, run)
  near(busy * whole, run)
  near(least, Math.max(run / workers, longest))
  t.true(losses.every(({ time, share }) => time > 0 && Math.abs(share * whole - time) <= TOLERANCE * whole))
  t.deepEqual(
    losses.map(({ time }) => time),
    losses.map(({ time }) => time).toSorted((a, b) => b - a),
  )
}

/** How long the calls ran that counted. */
function runOf({ calls }: Trace): number {
  return calls.reduce((sum, { began, ended }) => sum + ended! - began!, 0)
}

function isMainly(t: ExecutionContext, found: Verdict, loss: Loss, says: RegExp): void {
  t.is(found.main, loss, found.text)
  t.is(found.losses[0]!.loss, loss, found.text)
  t.regex(found.losses[0]!.text, says)
  t.true(found.text.includes(found.losses[0]!.advice))
}

test.serial('calls of the same length on workers that are there are good', async (t) => {
  const [found, trace] = await verdictOn((job) => job.all(new Array(16).fill(40)))
  addsUp(t, found, trace)
  t.is(found.main, 'good', found.text)
  t.is(found.workers, WORKERS)
  t.is(found.calls, 16)
  t.true(Math.abs(found.run - runOf(trace)) < TOLERANCE * found.wall)
  t.true(found.speedUp >= 0.8 * WORKERS && found.speedUp <= WORKERS + TOLERANCE, found.text)
})

test.serial('calls that hardly do anything, each sent by itself, are overhead', async (t) => {
  const [found, trace] = await verdictOn((job) => job.doubled(3000), { batch: 1 })
  addsUp(t, found, trace)
  isMainly(t, found, 'overhead', /1\.0 in a batch/)
  t.regex(found.losses[0]!.advice, /`batch`/)
})

test.serial('one long call among short ones is imbalance', async (t) => {
  const [found, trace] = await verdictOn((job) => job.all([600, ...new Array(20).fill(2)]))
  addsUp(t, found, trace)
  isMainly(t, found, 'imbalance', /Badly\.work #\d+, took [6-9]\d\d ms/)
  t.is(found.least, found.longest)
})

test.serial('a program that is busier than its workers is named as what they wait for', async (t) => {
  const [found, trace] = await verdictOn((job) => job.slowly(30, 15, 1))
  addsUp(t, found, trace)
  isMainly(t, found, 'producer', /between its 30 calls/)
})

test.serial('large arguments of which little is read are data transfer', async (t) => {
  const lists = Array.from({ length: 40 }, (_, i) => Array.from({ length: 100_000 }, (_, j) => i + j / 2))
  const [found, trace] = await verdictOn((job) => job.firsts(lists))
  addsUp(t, found, trace)
  isMainly(t, found, 'transfer', /MB out/)
  t.regex(found.losses[0]!.advice, /`shared\(\)`/)
})

test.serial('calls that change what the next ones read are conflicts', async (t) => {
  const [found, trace] = await verdictOn((job) => job.total(30, 5))
  addsUp(t, found, trace)
  isMainly(t, found, 'conflicts', /held back/)
  t.true(
    trace.calls.some(({ stale }) => stale.length > 0),
    'some ran again',
  )
})

test.serial('a run that is over before its workers are there is a cold start', async (t) => {
  await using executor = threads({ workers: WORKERS })
  using recording = record()
  await new Badly({ executor }).all([2, 2, 2, 2])
  const trace = recording.stop()
  const found = verdict(trace)
  addsUp(t, found, trace)
  isMainly(t, found, 'cold start', /first call began \d/)
})

test.serial('what ran although an earlier call had failed, and nothing at all, are told', async (t) => {
  using recording = record()
  t.like(verdict(recording.trace), { main: 'unknown', calls: 0, text: 'No call was recorded.', losses: [] })
  await using executor = threads({ workers: WORKERS })
  const job = new Badly({ executor })
  await t.throwsAsync(
    async () => {
      job.fail('no')
      for (let i = 0; i < 20; i++) job.work(1)
      await job.wait()
    },
    { message: 'no' },
  )
  const trace = recording.stop()
  const found = verdict(trace)
  addsUp(t, found, trace)
  t.is(trace.calls.filter(({ outcome }) => outcome === 'dropped').length, 20)
})
