import test from 'ava'
import { inline, move, threads } from '../../src/index.js'
import { type RecordedCall, recording, serial, shuffled } from '../../src/testing/index.js'
import { Moving } from '../fixtures/moving.js'
import { Tally } from '../fixtures/tally.js'

const call = (number: number, rest: Partial<RecordedCall>): RecordedCall => ({
  number,
  method: 'Tally.length',
  args: [],
  runs: 1,
  worker: null,
  batch: null,
  outcome: null,
  completed: number,
  committed: number,
  ...rest,
})

for (const [name, executor] of Object.entries({ inline, serial })) {
  test(`calls are plain data: arguments, outcome, order of completion and of commits (${name})`, async (t) => {
    const recorded = recording(executor())
    const job = new Tally({ executor: recorded })
    await t.throwsAsync(job.all(['a', 'bb', '', 'c'], (job, text) => job.length(text)))
    const threw = Object.assign(new RangeError('no text'), { code: 'E_EMPTY' })
    t.deepEqual(recorded.calls.slice(0, 3), [
      call(1, { args: ['a'], outcome: { returned: 1 } }),
      call(2, { args: ['bb'], outcome: { returned: 2 } }),
      call(3, { args: [''], outcome: { threw }, committed: null }),
    ])
    recorded.clear()
    t.deepEqual(recorded.calls, [])
  })

  test(`objects are as the call saw them, and nobody else’s (${name})`, async (t) => {
    const recorded = recording(executor())
    const job = new Tally({ executor: recorded })
    const list: string[] = []
    await job.all(['a', 'b'], (job, text) => job.append(list, text))
    t.deepEqual(
      recorded.calls.map(({ args }) => args[0]),
      [[], ['a']],
    )
    t.deepEqual(list, ['a', 'b'])
  })
}

test('async calls too (serial)', async (t) => {
  const recorded = recording(serial())
  const job = new Tally({ executor: recorded })
  await t.throwsAsync(job.list(['a', ''], (job, text) => job.lengthLater(text)))
  t.deepEqual(
    recorded.calls.map(({ outcome }) => outcome !== null && Object.keys(outcome)[0]),
    ['returned', 'threw'],
  )
})

test('calls complete in one order and are committed in another', async (t) => {
  const recorded = recording(shuffled({ seed: 3 }))
  await new Tally({ executor: recorded }).all(['a', 'b', 'c', 'd'], (job, text) => job.length(text))
  const { calls } = recorded
  t.deepEqual(
    calls.map(({ committed }) => committed),
    [1, 2, 3, 4],
  )
  t.notDeepEqual(
    calls.map(({ completed }) => completed),
    [1, 2, 3, 4],
  )
  t.deepEqual(calls.map(({ completed }) => completed).sort(), [1, 2, 3, 4])
})

test('a call that ran again after a conflict says so, with what it saw then', async (t) => {
  let reran: readonly RecordedCall[] = []
  await shuffled(async (executor) => {
    const recorded = recording(executor)
    const list: string[] = []
    await new Tally({ executor: recorded }).all(['a', 'b', 'c'], (job, text) => job.append(list, text))
    t.deepEqual(
      recorded.calls.map(({ args: [list] }) => (list as string[]).length),
      [0, 1, 2],
    )
    reran = [...reran, ...recorded.calls.filter(({ runs }) => runs > 1)]
  })
  t.true(reran.length > 0)
})

test('workers and their batches are counted from 1 on', async (t) => {
  await using pool = threads({ workers: 1, batch: 2 })
  const recorded = recording(pool)
  const job = new Tally({ executor: recorded })
  for (const text of ['a', 'bb', 'ccc', 'dddd']) job.length(text)
  await job.wait()
  t.deepEqual(
    recorded.calls.map(({ worker }) => worker),
    [1, 1, 1, 1],
  )
  const batches = recorded.calls.map(({ batch }) => batch!)
  t.deepEqual(batches, [...batches].sort())
  t.is(batches[0], 1)
  t.true(batches[3]! > 1)
})

test('what is moved to a call is copied first', async (t) => {
  await using pool = threads({ workers: 1 })
  const recorded = recording(pool)
  const job = new Moving({ executor: recorded })
  await job.fill(move(new Uint8Array([1, 2, 3])), 7)
  t.deepEqual([...(recorded.calls[0]!.args[0] as Uint8Array)], [1, 2, 3])
})
