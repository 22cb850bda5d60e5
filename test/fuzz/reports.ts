import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { faultOf } from '../../src/executors/check-report.js'
import { DecoError, type Executor, threads, WorkerCrashError } from '../../src/index.js'
import { Hostile, type Tampering } from '../fixtures/hostile.js'
import { anything, mutated, number, runs } from '../helpers/fuzz.js'
import { watchPrototypes } from '../helpers/prototypes.js'

const changed = watchPrototypes()
test.after.always('no prototype has been reached', (t) => t.deepEqual(changed(), []))

const indexed = fc.array(fc.oneof(fc.tuple(number, anything), anything), { maxLength: 3 })
const field = fc.oneof(
  fc.tuple(fc.constant('values'), fc.oneof(fc.array(anything, { maxLength: 5 }), anything)),
  fc.tuple(fc.constantFrom('replies', 'failures'), fc.oneof(indexed, anything)),
  fc.tuple(fc.constant('times'), fc.oneof(number, fc.array(number, { maxLength: 5 }), anything)),
  fc.tuple(fc.constantFrom('checked', 'number'), fc.oneof(number, anything)),
  fc.tuple(fc.constant('step'), fc.oneof(fc.tuple(number, number), anything)),
)
const report = fc.record({
  number: fc.constantFrom(1, 2),
  values: fc.array(anything, { maxLength: 4 }),
  times: fc.constant(1),
  replies: indexed,
  failures: indexed,
})
const message = fc.oneof(report, mutated(report), anything)
const tampering: fc.Arbitrary<Tampering> = fc.oneof(
  fc.record({ how: fc.constantFrom('instead' as const, 'before' as const, 'after' as const), message }),
  fc.constant({ how: 'twice' as const }),
  fc.record({ how: fc.constant('changed' as const), fields: fc.array(field, { minLength: 1, maxLength: 3 }) }),
)

// Both calls are open when the report comes that something is done to; whatever becomes of them, the next job works.
async function survives(t: ExecutionContext, executor: Executor, blocks: boolean, what: Tampering): Promise<unknown> {
  const job = new Hostile({ executor })
  const into = {}
  const calls = (job: Hostile) => [job.tamper(what), job.square(3), job.put(into, 5), job.square(4)]
  let ended: unknown
  try {
    ended = blocks ? job.block(calls) : await job.run(calls)
  } catch (error) {
    ended = error
    if (!(error instanceof Error)) throw new Error(`not an error: ${String(error)}`)
  }
  t.is(job.pending, 0)
  const next = new Hostile({ executor })
  if (blocks)
    t.deepEqual(
      next.block((job) => [job.square(5), job.square(6)]),
      [25, 36],
    )
  else t.deepEqual(await next.run((job) => [job.square(5), job.square(6)]), [25, 36])
  return ended
}

for (const blocks of [false, true]) {
  const style = blocks ? 'blocking' : 'async'

  test(`whatever a worker reports, its calls end and the next job works (${style})`, async (t) => {
    await using executor = threads({ workers: 1, batch: 4 })
    await fc.assert(
      fc.asyncProperty(tampering, async (what) => {
        await survives(t, executor, blocks, what)
      }),
      runs(15),
    )
  })

  const breaks = async (t: ExecutionContext, what: Tampering, says: RegExp) => {
    await using executor = threads({ workers: 1, batch: 4 })
    const error = (await survives(t, executor, blocks, what)) as Error
    t.true(error instanceof WorkerCrashError && error instanceof DecoError, String(error))
    t.regex(
      error.message,
      /^Cannot finish a call of Hostile\.\w+: its worker died \(Cannot take in .*, against the protocol of deco-ts\./,
    )
    t.true(error.cause instanceof DecoError)
    t.regex(error.message, says)
    t.regex(error.message, /Way out: /)
  }

  const cases: [title: string, what: Tampering, says: RegExp][] = [
    ['no report', { how: 'instead', message: 5 }, /it is no report/],
    ['a report without results', { how: 'changed', fields: [['values', undefined]] }, /its results are no list/],
    ['four billion results', { how: 'changed', fields: [['values', { length: 2 ** 32 }]] }, /its results are no list/],
    [
      'more results than calls',
      { how: 'changed', fields: [['values', [1, 2, 3, 4, 5]]] },
      /5 results, and calls that wait for one: \d/,
    ],
    ['times that are none', { how: 'changed', fields: [['times', Number.NaN]] }, /its times are no times/],
    ['replies of no call', { how: 'changed', fields: [['replies', [[9, {}]]]] }, /its replies are no list/],
    ['results and a step at once', { how: 'changed', fields: [['step', [0, 0.5]]] }, /a step of no call/],
    [
      'a step of no call',
      {
        how: 'changed',
        fields: [
          ['values', []],
          ['step', [9, 0.5]],
        ],
      },
      /a step of no call/,
    ],
    [
      'a step too far',
      {
        how: 'changed',
        fields: [
          ['values', []],
          ['step', [0, 1.5]],
        ],
      },
      /a step of no call/,
    ],
    [
      'a step of no length',
      {
        how: 'changed',
        fields: [
          ['values', []],
          ['step', [0, '1']],
        ],
      },
      /a step of no call/,
    ],
    ['an answer to no question', { how: 'changed', fields: [['checked', null]] }, /what was not asked/],
  ]
  for (const [title, what, says] of cases)
    test(`${title}: the worker is stopped, and its calls are told (${style})`, breaks, what, says)
}

test('a report that comes twice is believed once', async (t) => {
  await using executor = threads({ workers: 1, batch: 4 })
  const job = new Hostile({ executor })
  const runs = new Int32Array(new SharedArrayBuffer(4))
  await job.run((job) => job.tamper({ how: 'twice' }))
  const results = await job
    .run((job) => [job.square(3), job.square(4), job.count(runs)])
    .catch((error: unknown) => error)
  if (results instanceof Error) t.regex(results.message, /it is report \d+ where report \d+ was due/)
  else t.deepEqual((results as unknown[]).slice(0, 2), [9, 16])
})

test('what is looked at once for each report judges anything without throwing', (t) => {
  fc.assert(
    fc.property(fc.oneof(message, anything), fc.nat(4), fc.nat(2), (report, calls, checks) => {
      const fault = faultOf(structuredClone(report), { calls, checks, report: 1 })
      return fault === undefined || typeof fault === 'string'
    }),
    runs(3000),
  )
  t.pass()
})
