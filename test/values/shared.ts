import test from 'ava'
import { ConflictError, SerializationError, shared, threads } from '../../src/index.js'
import { type Grid, Sharing, Witness } from '../fixtures/sharing.js'
import { callsOf } from '../helpers/calls.js'
import { eachExecutor } from '../helpers/each-executor.js'
import { rejectsSaying, throwsSaying } from '../helpers/throws-saying.js'

const grid = (): Grid => ({
  witness: new Witness('w'),
  rows: [{ cells: [1] }, { cells: [2] }],
  values: new Float64Array(4),
  names: new Map([['a', new Date(0)]]),
})

const calls: Record<string, (job: Sharing, held: Grid, i: number) => number> = {
  'as an argument': (job, held) => job.arrivals(held),
  'within an argument': (job, held, i) => job.arrivalsNested({ grid: held }, { row: i }),
  'deep within an argument that leads to another one': (job, held, i) => {
    const row = { i }
    return job.arrivalsNested({ grid: held, row } as { grid: Grid }, [row])
  },
  'in a field of the job': (job) => job.arrivalsOfField(),
  'beside a result that the call waits for': (job, held) => job.arrivalsFrom(job.arrivals(held), { grid: held }),
  'in an argument of calls that run again': (job, held) => job.add({ n: 0, grid: held }),
}

for (const [where, call] of Object.entries(calls)) {
  test(`a shared value is sent to a worker once: ${where}`, async (t) => {
    const executor = threads({ workers: 1 })
    t.teardown(() => executor.close())
    const job = new Sharing({ executor })
    const held = shared(grid())
    if (where.includes('field')) job.grid = held
    const arrivals = []
    for (let round = 0; round < 3; round++) {
      arrivals.push(...(await Promise.all(Array.from({ length: 20 }, (_, i) => call(job, held, i)))))
      await job.wait()
    }
    t.deepEqual([...new Set(arrivals)], [1])
  })
}

test('calls that run again on one object send a shared value within it once', async (t) => {
  const executor = threads({ workers: 1 })
  t.teardown(() => executor.close())
  const job = new Sharing({ executor })
  const total = { n: 0, grid: shared(grid()) }
  const arrivals = await Promise.all(Array.from({ length: 20 }, () => job.add(total)))
  t.deepEqual([...new Set(arrivals)], [1])
  t.is(total.n, 40)
})

test('what holds a shared value does not describe it', (t) => {
  const held = shared({ values: new Float64Array(10_000) })
  const [first, second] = callsOf(
    Sharing,
    (job) => job.arrivalsNested({ grid: held as never }, { row: 1 }),
    (job) => job.arrivalsNested({ grid: held as never }, { row: 2 }),
  )
  const frozen = (call: typeof first) => call!.units.filter((unit) => unit.frozen)
  t.deepEqual(
    frozen(first).map(({ id }) => id),
    frozen(second).map(({ id }) => id),
  )
  t.is(frozen(first).length, 1)
  for (const unit of first!.units.filter((unit) => !unit.frozen))
    t.false(unit.encoded.tape.some((item) => item instanceof ArrayBuffer))
})

eachExecutor('identity holds between a shared value, its parts and whatever holds them', async (t, executor) => {
  const job = new Sharing({ executor })
  const held = shared(grid())
  job.grid = held
  t.deepEqual(await job.identities(held, { grid: held }, held.rows[0], held.values.subarray(1)), Array(4).fill(true))
})

eachExecutor('a result that holds a shared value, or a part of one, holds the caller’s own', async (t, executor) => {
  const job = new Sharing({ executor })
  const held = shared(grid())
  const [whole, row, map] = (await job.wrap({ grid: held })) as [Grid, object, Map<string, unknown>]
  t.is(whole, held)
  t.is(row, held.rows[1]!)
  t.is(map.get('names'), held.names)
})

eachExecutor('a shared value that is part of another is sent with it by reference', async (t, executor) => {
  const job = new Sharing({ executor })
  const rows = shared([{ cells: [1] }, { cells: [2] }])
  const held = shared({ ...grid(), rows })
  t.deepEqual(await job.identities(held, { grid: held }, rows[0], held.values), [true, true, true, false])
  t.is(((await job.wrap({ grid: held })) as unknown[])[1], rows[1])
})

for (const how of ['a property', 'an element']) {
  eachExecutor(`writing to ${how} of a shared value throws in the method`, async (t, executor) => {
    const job = new Sharing({ executor })
    const error = await t.throwsAsync(async () => await job.write({ grid: shared(grid()) }, how))
    t.is(error?.constructor, TypeError)
  })
}

for (const how of ['a typed array', 'a view of its own', 'a Map', 'a Date']) {
  eachExecutor(`writing to ${how} of a shared value is found at the synchronization event`, async (t, executor) => {
    const job = new Sharing({ executor })
    const held = shared(grid())
    void job.write({ grid: held }, how)
    await rejectsSaying(t, job.wait(), SerializationError, 'Cannot write to a shared value', 'Way out')
    t.deepEqual([...held.values], [0, 0, 0, 0])
    t.deepEqual([...held.names], [['a', new Date(0)]])
    t.is(await new Sharing({ executor }).first({ grid: held }), 0)
  })
}

eachExecutor('every job whose calls saw a shared value that was written to is told', async (t, executor) => {
  const held = shared(grid())
  const [writes, reads, other] = [1, 2, 3].map(() => new Sharing({ executor })) as [Sharing, Sharing, Sharing]
  void writes.write({ grid: held }, 'a typed array')
  void reads.first({ grid: held })
  void other.first({ grid: shared(grid()) })
  await other.wait()
  await rejectsSaying(t, writes.wait(), SerializationError, 'Cannot write to a shared value')
  await t.throwsAsync(reads.wait(), { message: /shared\(\)/ })
  void reads.first({ grid: held })
  await reads.wait()
})

test('what was written to a shared value is told when the worker has forgotten it', async (t) => {
  const executor = threads({ workers: 1 })
  t.teardown(() => executor.close())
  const job = new Sharing({ executor })
  void job.write({ grid: shared(grid()) }, 'a typed array')
  for (let i = 0; i < 100; i++) void job.first({ grid: shared(grid()) })
  await rejectsSaying(t, job.wait(), SerializationError, 'Cannot write to a shared value')
})

eachExecutor('a program that writes to what it shares is told', async (t, executor) => {
  const job = new Sharing({ executor })
  const held = shared(grid())
  void job.first({ grid: held })
  held.values[0] = 1
  await rejectsSaying(t, job.wait(), ConflictError, 'shared()', 'Way out')
})

eachExecutor('calls that write beside a shared value do not wait for each other', async (t, executor) => {
  const job = new Sharing({ executor })
  const out = { grid: shared(grid()), sums: [] as number[] }
  for (let i = 0; i < 40; i++) void job.put(out, i)
  await job.wait()
  t.deepEqual(
    out.sums,
    Array.from({ length: 40 }, (_, i) => i),
  )
})

eachExecutor('a call may put a shared value somewhere, or take it away', async (t, executor) => {
  const job = new Sharing({ executor })
  const held: { grid: Grid | undefined } = { grid: shared(grid()) }
  job.grid = held.grid
  await job.replace(held)
  t.is(held.grid, undefined)
  await job.replace(held)
  t.is(held.grid, job.grid)
})

eachExecutor('what cannot cross is named by its path, within a shared value as well', async (t, executor) => {
  const job = new Sharing({ executor })
  const held = shared({ deep: [() => 1] })
  const says = ['argument 0 of Sharing.first, at .grid', 'at .deep[0]', 'a function']
  throwsSaying(t, () => job.first({ grid: held as never }), SerializationError, ...says)
  const waits = shared(grid())
  waits.names.set('b', job.first({ grid: shared(grid()) }) as never)
  throwsSaying(t, () => job.first({ grid: waits }), SerializationError, 'a Future in a shared value', 'await it before')
  await job.wait()
})

test('shared() freezes all that it can and gives the value itself', (t) => {
  const value = grid()
  t.is(shared(value), value)
  t.is(shared(value), value)
  t.is(shared(7), 7)
  for (const part of [value, value.rows, value.rows[0]!.cells, value.names, value.witness])
    t.true(Object.isFrozen(part))
})
