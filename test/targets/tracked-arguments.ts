import { inspect } from 'node:util'
import { ConflictError, PendingReadError, SerializationError } from '../../src/index.js'
import { Ledger, type Table } from '../fixtures/tracked-arguments.js'
import { eachExecutor } from '../helpers/each-executor.js'
import { rejectsSaying, throwsSaying } from '../helpers/throws-saying.js'

eachExecutor('a call works on what a tracked object holds, and its changes come back', async (t, executor) => {
  const job = new Ledger({ executor })
  t.is(await job.add(job.table), 6)
  t.is(job.table.sum, 6)
  void job.append(job.table.rows.b!, 4)
  void job.append(job.table.rows.b!, 5)
  await job.wait()
  t.deepEqual([...job.table.rows.b!], [3, 4, 5])
})

const reads: Record<string, (table: Table) => unknown> = {
  'a property': ({ sum }) => sum,
  'a property that is not there yet': (table) => 'sum' in table,
  keys: (table) => Object.keys(table),
  'own keys': (table) => Object.hasOwn(table, 'sum'),
  JSON: (table) => JSON.stringify(table),
  spreading: (table) => ({ ...table }),
  'an element further down': ({ rows }) => rows.a![0],
}

for (const [what, read] of Object.entries(reads)) {
  eachExecutor(`reading ${what} waits in a plain method for the call that may change it`, (t, executor) => {
    const serial = new Ledger().table
    serial.sum = 6
    const seen = new Ledger({ executor }).block((job) => {
      void job.add(job.table)
      return read(job.table)
    })
    t.deepEqual(seen, read(serial))
  })

  eachExecutor(`reading ${what} throws in an async method, and says for what to wait`, async (t, executor) => {
    await new Ledger({ executor }).run(async (job) => {
      void job.add(job.table)
      const says = ['this.table', 'call 1 of Ledger.add', 'which may change it', 'await this.wait()']
      throwsSaying(t, () => read(job.table), PendingReadError, ...says)
      await job.wait()
      t.notThrows(() => read(job.table))
    })
  })
}

eachExecutor('what a call that waits for a result may change is waited for as well', (t, executor) => {
  const job = new Ledger({ executor })
  const sum = job.block(({ table }) => {
    void job.append(table.rows.a!, job.half(8))
    return table.rows.a!.at(-1)
  })
  t.is(sum, 4)
})

eachExecutor('only what a call is declared to change is waited for', async (t, executor) => {
  await new Ledger({ executor }).run((job) => {
    const other = new Ledger().table
    void job.look(job.table)
    t.is(job.table.rows.a!.length, 2)
    void job.copyTo(job.table, other)
    t.is(job.table.rows.a!.length, 2)
    throwsSaying(t, () => other.note, PendingReadError, 'call 2 of Ledger.copyTo')
  })
})

eachExecutor('neither a log nor a promise waits', async (t, executor) => {
  const job = new Ledger({ executor })
  const table = await job.run((job) => {
    void job.add(job.table)
    t.true(inspect(job.table).includes('rows'))
    return job.table
  })
  t.is(table, job.table)
  t.is(table.sum, 6)
})

eachExecutor('a call waits for the results that what it is handed still waits for', async (t, executor) => {
  const job = new Ledger({ executor })
  const sum = await job.run(({ table }) => {
    table.rows.a![0] = job.half(20)
    table.rows.b!.push(job.half(40))
    return job.add(table)
  })
  t.is(sum, 35)
  t.deepEqual([...job.table.rows.b!], [3, 20])
})

eachExecutor('a row that has just grown takes its place when a call writes to it', async (t, executor) => {
  const job = new Ledger({ executor })
  await job.put(job.grown.a!, 'x', 1)
  t.deepEqual(JSON.parse(JSON.stringify(job.grown)), { a: { x: 1 } })
  t.is(job.grown.a!.y, undefined)
})

eachExecutor('what comes back of a tracked object is the caller’s own', async (t, executor) => {
  const job = new Ledger({ executor })
  t.is(await job.same(job.table), job.table)
  t.is(await job.same(job.table.rows), job.table.rows)
  const fresh = new Ledger({ executor })
  const row = await fresh.firstRow(fresh.table)
  t.is(row, fresh.table.rows.a!)
  row.push(fresh.half(6))
  throwsSaying(t, () => row.at(-1), PendingReadError, 'this.table.rows.a[2]')
  await fresh.wait()
  t.deepEqual([...row], [1, 2, 3])
})

eachExecutor('identity holds between a tracked object, its parts and other arguments', async (t, executor) => {
  const job = new Ledger({ executor })
  const { table } = job
  t.true(await job.isOne(table.rows.a, table, { row: table.rows.a }))
})

eachExecutor('a call sees a tracked object as it was when it was made', async (t, executor) => {
  const job = new Ledger({ executor })
  const sum = job.look(job.table)
  job.table.rows.a!.push(9)
  t.is(await sum, 2)
})

eachExecutor('a change by the caller and a call at one place is a conflict', async (t, executor) => {
  const job = new Ledger({ executor })
  void job.add(job.table)
  job.table.sum = 1
  await rejectsSaying(t, job.wait(), ConflictError, 'argument 0 at .sum')
})

eachExecutor('the error of a call that may change it is thrown where it is read', (t, executor) => {
  const job = new Ledger({ executor })
  t.throws(
    () =>
      job.block(({ table }) => {
        void job.fail(table)
        return table.sum
      }),
    { instanceOf: RangeError, message: 'no 1' },
  )
})

eachExecutor('a target that is no plain object, and one in a worker, are refused', async (t, executor) => {
  const job = new Ledger({ executor })
  throwsSaying(t, () => job.any(job.map), SerializationError, 'argument 0 of Ledger.any', 'a tracked target')
  throwsSaying(t, () => job.any([job.array]), SerializationError, 'argument 0 of Ledger.any, at [0]')
  await rejectsSaying(t, async () => await job.field(), SerializationError, 'this.table', 'in a worker')
  await rejectsSaying(
    t,
    async () => await new Ledger({ executor }).make(),
    SerializationError,
    'the result of Ledger.make',
  )
})

eachExecutor('an object that a table holds and that is passed as itself comes back as itself', async (t, executor) => {
  const job = new Ledger({ executor })
  const row = { a: 1 }
  Object.assign(job.table, { note: row })
  // The table knows it from here on by what stands before it.
  t.not(job.table.note, row)
  t.is(await job.same(row), row)
})
