import test from 'ava'
import { ConflictError, inline, processes, SerializationError, threads } from '../../src/index.js'
import { difference, pairsOf } from '../../src/testing/difference.js'
import { hidings, Mutator, mutations } from '../fixtures/mutations.js'
import { alsoProcesses } from '../helpers/also-processes.js'

const executors = [inline(), threads({ workers: 1 }), ...(alsoProcesses ? [processes({ workers: 1 })] : [])]

test.after.always(() => Promise.all(executors.map((executor) => executor.close())))

for (const executor of executors) {
  const { name } = executor

  for (const [title, [make, change]] of Object.entries(mutations)) {
    test(`${name}: ${title} reaches the caller’s own objects`, async (t) => {
      const job = new Mutator({ executor })
      const serial = (value: unknown) => {
        const copy = make()
        const pairs = pairsOf(value, copy)
        change(copy)
        return () => difference(value, copy, pairs)
      }
      const [direct, later, field, inner] = [make(), make(), make(), make()]
      const differences = [direct, later, field, inner].map(serial)
      job.field = field
      job.change(title, direct)
      job.changeLater(title, later)
      job.changeField(title)
      await job.wait()
      const holder = { deep: [{ value: inner }] }
      job.field = holder
      job.change(title, inner)
      await job.wait()
      t.deepEqual(
        differences.map((find) => find()),
        [undefined, undefined, undefined, undefined],
      )
      t.is(job.field, holder)
      t.is(holder.deep[0]!.value, inner)
    })
  }

  test(`${name}: fields of the job are written back in order`, async (t) => {
    const job = new Mutator({ executor })
    job.field = 1
    job.changeThis()
    await job.wait()
    t.deepEqual(Object.keys(job), ['added', 'field'])
    t.is(job.field, job)
  })

  test(`${name}: what a method changed before it threw is written back`, async (t) => {
    const job = new Mutator({ executor })
    const list = ['a']
    job.changeAndThrow(list)
    await t.throwsAsync(job.wait(), { instanceOf: RangeError, message: 'after the change' })
    t.deepEqual(list, ['a', 'before the error'])
  })

  test(`${name}: nothing is written before the synchronization event can see it whole`, async (t) => {
    const job = new Mutator({ executor })
    const list: unknown[] = [1]
    job.change('push', list)
    t.deepEqual(list, [1])
    await job.wait()
    t.deepEqual(list, [1, 2, [3]])
  })

  for (const how of Object.keys(hidings) as (keyof typeof hidings)[]) {
    test(`${name}: a method that gives an argument ${how} fails`, async (t) => {
      for (const value of [
        { a: 1 },
        [1],
        Array.from({ length: 64 }, (_, i) => i),
        new Map([[1, 1]]),
        new Date(0),
        /a/,
        new Uint8Array(2),

        new Error('e'),
      ]) {
        const before = Reflect.ownKeys(value)
        const job = new Mutator({ executor })
        job.hide(value, how)
        await t.throwsAsync(
          job.wait(),
          { instanceOf: SerializationError, message: /^Cannot write back what a call changed: the method .*Way out/ },
          String(value),
        )
        t.deepEqual(Reflect.ownKeys(value), before)
      }
    })
  }

  test(`${name}: an object that the caller locks before the commit is a conflict`, async (t) => {
    for (const lock of [Object.freeze, Object.seal, Object.preventExtensions]) {
      const job = new Mutator({ executor })
      const object: Record<string, number> = { z: 1 }
      job.change('a new property', object)
      lock(object)
      await t.throwsAsync(job.wait(), {
        instanceOf: ConflictError,
        message: /argument 1 at \.b, which the caller has changed/,
      })
      t.deepEqual(object, { z: 1 })
    }
  })

  test(`${name}: a new index beside indexes that the caller changes is no conflict`, async (t) => {
    const job = new Mutator({ executor })
    const rows = Object.assign(new Array<unknown>(8), { 5: 'five' })
    job.change('filling holes from behind', rows)
    rows[5] = 'changed'
    const table: Record<string, unknown> = { 5: 'five', z: 1 }
    job.change('a new property that is an index', table)
    table[5] = 'changed'
    await job.wait()
    t.deepEqual(rows, Object.assign(new Array(8), { 0: 0, 1: 1, 2: 2, 5: 'changed' }))
    t.deepEqual(Object.entries(table), [
      ['3', 'three'],
      ['5', 'changed'],
      ['7', 'seven'],
      ['z', 1],
      ['a', 1],
    ])
  })
}
