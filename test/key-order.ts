// Keys come in the order in which a serial run sets them, whoever sets them: calls in any order of completion, or their caller.

import { inspect, isDeepStrictEqual } from 'node:util'
import test from 'ava'
import fc from 'fast-check'
import { ConflictError, tracked } from '../src/index.js'
import { serial, shuffled } from '../src/testing/index.js'
import { type Change, change, type Keyed, KeyedJob } from './fixtures/keyed.js'
import { eachExecutor } from './helpers/each-executor.js'

type Step = { readonly call: Change; readonly keys: readonly string[] } | { readonly own: string } | 'wait' | 'turn'

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      call: fc.constantFrom<Change>('set', 'set', 'delete', 'renew'),
      keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom('p', 'q', 'r', 's').map((own) => ({ own })) },
  { weight: 1, arbitrary: fc.constantFrom('wait' as const, 'turn' as const) },
)

const fresh = (): Keyed => ({ record: { a: 0, b: 0 }, map: new Map([['a', 0]]), set: new Set(['b', 'a']) })

test('keys come in the order of a serial run', async (t) => {
  const check = fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.nat(), async (steps, seed) => {
    const expected = await run(steps, new KeyedJob({ executor: serial() }))
    const seen = await run(steps, new KeyedJob({ executor: shuffled({ seed }) }))
    if (!isDeepStrictEqual(seen, expected))
      throw new Error(`${inspect(seen, { depth: 3 })} instead of ${inspect(expected, { depth: 3 })}`)
  })
  await t.notThrowsAsync(fc.assert(check, { numRuns: 200 }))
})

async function run(steps: readonly Step[], job: KeyedJob): Promise<unknown> {
  const keyed = fresh()
  for (const [value, step] of steps.entries()) {
    if (step === 'wait') await job.wait()
    else if (step === 'turn') await new Promise((resolve) => setImmediate(resolve))
    else if ('call' in step) job.change(keyed, step.call, step.keys, value)
    // The caller's keys are its own: it sets each of them once.
    else if (!keyed.map.has(step.own)) change(keyed, 'set', step.own, value)
  }
  await job.wait()
  return [Object.entries(keyed.record), [...keyed.map], [...keyed.set]]
}

eachExecutor('what the caller adds comes after what calls add that were made before', async (t, executor) => {
  const keyed = fresh()
  const job = new KeyedJob({ executor })
  for (const [i, own] of ['p', 'q', 'r'].entries()) {
    job.change(keyed, 'set', [`call ${i}`], i)
    change(keyed, 'set', own, i)
  }
  await job.wait()
  const added = ['call 0', 'p', 'call 1', 'q', 'call 2', 'r']
  t.deepEqual(Object.keys(keyed.record), ['a', 'b', ...added])
  t.deepEqual([...keyed.map.keys()], ['a', ...added])
  t.deepEqual([...keyed.set], ['b', 'a', ...added])
})

eachExecutor('a key that both add is a conflict', async (t, executor) => {
  const keyed = fresh()
  const job = new KeyedJob({ executor })
  job.change(keyed, 'set', ['c'], 1)
  change(keyed, 'set', 'c', 2)
  await t.throwsAsync(job.wait(), { instanceOf: ConflictError, message: /the caller has changed/ })
})

eachExecutor('so they do behind tracked() and on the job itself', async (t, executor) => {
  const job = new KeyedJob({ executor })
  const record = tracked<Record<string, number>>({ a: 0 })
  for (const i of [0, 1]) {
    job.add(record, `call ${i}`)
    record[`own ${i}`] = i
    Object.assign(job, { [`own${i}`]: i })
  }
  await job.wait()
  t.deepEqual(Object.keys(record), ['a', 'call 0', 'own 0', 'call 1', 'own 1'])
  t.deepEqual(
    Object.keys(job).filter((key) => /\d/.test(key)),
    ['call 0', 'own0', 'call 1', 'own1'],
  )
})
