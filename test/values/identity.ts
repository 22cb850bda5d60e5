import test from 'ava'
import { inline, processes, SerializationError, TrackedMap, threads } from '../../src/index.js'
import { difference } from '../../src/testing/difference.js'
import { kinds } from '../fixtures/kinds-of-values.js'
import { Money, Point, Safe } from '../fixtures/serializable-classes.js'
import { describeError, failures, Values } from '../fixtures/values.js'
import { alsoProcesses } from '../helpers/also-processes.js'
import { throwsSaying } from '../helpers/throws-saying.js'

const executors = [inline(), threads({ workers: 1 }), ...(alsoProcesses ? [processes({ workers: 1 })] : [])]

test.after.always(() => Promise.all(executors.map((executor) => executor.close())))

for (const executor of executors) {
  const { name } = executor

  test(`${name}: objects that two arguments share are shared in the call`, async (t) => {
    const job = new Values({ executor })
    const a = { x: 1 as unknown }
    const [same] = (await job.identities(a, a)) as boolean[]
    t.true(same)
    t.deepEqual((await job.identities({ x: a }, a))!.slice(0, 3), [false, true, false])
    t.deepEqual((await job.identities({ x: a }, 1, a))!.slice(0, 3), [false, false, true])
    t.deepEqual((await job.identities({ x: 1 }, { x: 1 }))!.slice(0, 2), [false, false])
  })

  test(`${name}: an object reached through an argument and through the job is one object`, async (t) => {
    const job = new Values({ executor })
    const a = { x: 1 as unknown }
    job.field = a
    t.true((await job.identities(a))[3])
    t.true((await job.identities({ x: a }))[4])
    job.field = [a]
    t.false((await job.identities(a))[3])
  })

  test(`${name}: the job itself among the arguments is the job`, async (t) => {
    const job = new Values({ executor })
    t.true((await job.identities(job))[5])
    t.true((await job.identities({ x: job }))[6])
    const body = { x: job }
    job.field = body
    t.deepEqual((await job.identities(body)).slice(3), [true, false, false, true])
  })

  test(`${name}: an argument may lead to a job that has tracked targets`, async (t) => {
    const job = new Values({ executor })
    job.field = new TrackedMap()
    t.true((await job.identities({ x: job }))[6])
  })

  test(`${name}: a result that holds an argument holds the caller’s own`, async (t) => {
    const job = new Values({ executor })
    const own = { x: [1] }
    const wrapped = (await job.wrap(own)) as { held: unknown; list: unknown[]; map: Map<unknown, unknown> }
    t.is(wrapped.held, own)
    t.is(wrapped.list[0], own)
    t.is(wrapped.map.get(own), own)
    job.field = new Map([['a', own]])
    const [field, value] = (await job.wrapField(own.x)) as unknown[]
    t.is(field, job.field)
    t.is(value, own.x)
  })

  test(`${name}: results of two calls are two objects`, async (t) => {
    const job = new Values({ executor })
    t.not(await job.make('an empty object'), await job.make('an empty object'))
  })

  test(`${name}: shared memory is the same memory, or refused where it cannot be`, async (t) => {
    const job = new Values({ executor })
    const memory = new Int32Array(new SharedArrayBuffer(8))
    if (executor.isApart) {
      throwsSaying(
        t,
        () => job.add(memory, 5),
        SerializationError,
        'argument 0 of Values.add, at .buffer: a SharedArrayBuffer',
        'threads()',
      )
      return
    }
    t.is(await job.add(memory, 5), 0)
    t.is(memory[0], 5)
    memory[0] = 7
    t.is(await job.add(memory, 1), 7)
    t.is(memory[0], 8)
    const { memory: echoed, buffer } = (await job.echo({ memory, buffer: memory.buffer })) as {
      memory: Int32Array
      buffer: unknown
    }
    t.is(echoed, memory)
    t.is(buffer, memory.buffer)
  })

  test(`${name}: Buffers from the pool stay Buffers and keep their bytes`, async (t) => {
    const job = new Values({ executor })
    const bytes = Buffer.from('abc')
    const neighbour = Buffer.from('xyz')
    const [window, upper] = (await job.pooled(bytes)) as [Buffer, Buffer]
    t.true(Buffer.isBuffer(window))
    t.is(window.toString(), 'bc')
    t.is(window.buffer, bytes.buffer, 'a window on an argument is one on the caller’s memory')
    t.true(Buffer.isBuffer(upper))
    t.is(upper.toString(), 'ABC')
    t.is(bytes.toString() + neighbour.toString(), 'abcxyz')
  })

  test(`${name}: the number of arguments is what it was`, async (t) => {
    const job = new Values({ executor })
    t.is(await job.count(), 0)
    t.is(await job.count(undefined), 1)
    t.is(await job.count(1, undefined, {}, undefined), 4)
  })

  test(`${name}: a chain of 100,000 objects crosses both ways`, async (t) => {
    const job = new Values({ executor })
    let link: unknown = null
    for (let i = 0; i < 100_000; i++) link = { link }
    t.is(await job.depth(link), 100_000)
    t.is(await job.echo(link), link)
  })

  for (const how of Object.keys(failures) as (keyof typeof failures)[]) {
    test(`${name}: the error for ${how} is the one of a serial run`, async (t) => {
      const job = new Values({ executor })
      const expected = await (async () => failures[how]())().then(
        () => t.fail() as never,
        (error) => error as Error,
      )
      job.fail(how)
      const error = (await t.throwsAsync(job.wait(), { any: true })) as Error
      t.deepEqual(describeError(error), describeError(expected))
      t.deepEqual(await job.describe(expected), describeError(expected), 'as argument')
    })
  }

  test(`${name}: an error that is thrown on is the caller’s own`, async (t) => {
    const job = new Values({ executor })
    const error = new RangeError('mine')
    job.rethrow(error)
    t.is(await job.wait().catch((caught) => caught), error)
  })

  test(`${name}: what is thrown need not be an error`, async (t) => {
    const job = new Values({ executor })
    for (const kind of [
      'undefined',
      'null',
      'minus zero',
      'a BigInt',
      'the same object twice',
      'an instance with private fields',
    ]) {
      job.throwKind(kind)
      const thrown = await job.wait().then(
        () => t.fail(),
        (caught: unknown) => caught,
      )
      t.is(difference(thrown, kinds[kind]!()), undefined, kind)
    }
  })

  test(`${name}: the stack of an error shows the method and then the line of the call`, async (t) => {
    const job = new Values({ executor })
    job.throwKind('a RangeError')
    const error = (await t.throwsAsync(job.wait())) as Error
    t.regex(error.stack!, /^RangeError: message\n.*throwKind.*identity\.[jt]s/s)
  })

  test(`${name}: a method of a copy that touches a #private field fails with the way out`, async (t) => {
    const job = new Values({ executor })
    const safe = new Safe()
    t.is(safe.read(), 7)
    job.touchPrivate(safe)
    await t.throwsAsync(job.wait(), {
      instanceOf: SerializationError,
      message: /Values\.touchPrivate.*#private.*encode, decode/,
    })
  })

  test(`${name}: a change of an instance that crosses through encode and decode is refused`, async (t) => {
    const job = new Values({ executor })
    const money = new Money(5)
    job.spend(money)
    await t.throwsAsync(job.wait(), {
      instanceOf: SerializationError,
      message: /changed an instance of Money.*return the changed instance/,
    })
    t.is(money.cents, 5)
  })

  test(`${name}: two calls never share an object`, async (t) => {
    const job = new Values({ executor })
    const value = { list: [1] }
    const first = job.wrap([value])
    const second = job.wrap([value])
    await job.wait()
    const [a, b] = [await first, await second] as { held: object }[]
    t.not(a, b)
    t.is((a!.held as object[])[0], value)
    t.not(a!.held, b!.held)
  })

  test(`${name}: an instance that comes back is of its class`, async (t) => {
    const job = new Values({ executor })
    const point = (await job.make('an instance')) as Point
    t.true(point instanceof Point)
    t.is(point.length, 3)
  })
}
