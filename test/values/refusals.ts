import test, { type ExecutionContext } from 'ava'
import { DecoError, inline, type Job, processes, SerializationError, threads } from '../../src/index.js'
import { Refusals, refused } from '../fixtures/refused-values.js'
import { UnregisteredError } from '../fixtures/serializable-classes.js'
import { alsoProcesses } from '../helpers/also-processes.js'

const executors = [inline(), threads({ workers: 1 }), ...(alsoProcesses ? [processes({ workers: 1 })] : [])]

test.after.always(() => Promise.all(executors.map((executor) => executor.close())))

for (const executor of executors) {
  for (const [kind, [make, what, wayOut]] of Object.entries(refused)) {
    test(`${executor.name}: ${kind} is refused as argument, field, result and thrown value`, async (t) => {
      const job = new Refusals({ executor })
      const bodies = [1, { x: 1 }, [], make()]
      refuses(t, () => job.take(make()), 'argument 0 of Refusals.take', what, wayOut)
      refuses(t, () => job.take(1, 'b', { bodies }), 'argument 2 of Refusals.take, at .bodies[3]', what, wayOut)
      refuses(t, () => job.take(new Map([['a b', { bodies }]])), '.get("a b").bodies[3]', what, wayOut)
      if (!what.includes('tracked target')) {
        job.field = { bodies }
        refuses(t, () => job.take(), 'this of Refusals.take, at .field.bodies[3]', what, wayOut, '#private')
        job.field = undefined
      }
      t.is(job.pending, 0, 'nothing is left pending')
      t.is(await job.take(), 1, 'and the job goes on')

      // A method that returns a promise is an async one.
      if (!(make() instanceof Promise)) {
        job.give(kind)
        await rejects(t, job, 'the result of Refusals.give', what)
      }
      job.giveInside(kind)
      await rejects(t, job, 'the result of Refusals.giveInside, at .rows[1]', what)
      job.throwIt(kind)
      await rejects(t, job, 'the error thrown by Refusals.throwIt', what)

      const box = { rows: [] }
      job.write(box, kind)
      await rejects(t, job, 'Refusals.write', what)
      t.deepEqual(box, { rows: [] }, 'a change that cannot cross is not made in part')
    })
  }

  test(`${executor.name}: a Future is refused as the key of a Map and as the member of a Set`, async (t) => {
    const job = new Refusals({ executor })
    const future = job.take()
    refuses(
      t,
      () => job.take(new Map([[future, 1]])),
      'argument 0 of Refusals.take',
      'a Future as a key or member',
      'await it first',
    )
    refuses(
      t,
      () => job.take({ seen: new Set([future]) }),
      'argument 0 of Refusals.take, at .seen',
      'a Future as a key or member',
      'await it first',
    )
    await job.wait()
  })

  test(`${executor.name}: an error of a class that is not registered keeps message and stack as the cause`, async (t) => {
    const job = new Refusals({ executor })
    job.throwUnregistered()
    const error = await t.throwsAsync(job.wait(), { instanceOf: SerializationError })
    t.regex(
      error!.message,
      /the error thrown by Refusals\.throwUnregistered: an instance of UnregisteredError.*@serializable/,
    )
    const cause = error!.cause as Error
    t.is(cause.message, 'the disk is full')
    t.is(cause.name, 'UnregisteredError')
    t.regex(cause.stack!, /throwUnregistered/)
    t.false(cause instanceof UnregisteredError)
  })

  test(`${executor.name}: an error that holds a function keeps its message as the cause`, async (t) => {
    const job = new Refusals({ executor })
    job.throwWithFunction()
    const error = await t.throwsAsync(job.wait(), { instanceOf: SerializationError, message: /at \.retry: a function/ })
    t.is((error!.cause as Error).message, 'too far')
    t.is((error!.cause as Error).name, 'RangeError')
  })
}

function refuses(t: ExecutionContext, call: () => unknown, ...parts: string[]): void {
  const error = t.throws(call, { instanceOf: SerializationError })
  t.true(error instanceof DecoError)
  for (const part of parts) t.true(error!.message.includes(part), `${error!.message} — should name ${part}`)
  t.regex(error!.message, /^Cannot copy .* cannot cross to a worker\. Way out: .*\.$/)
}

async function rejects(t: ExecutionContext, job: Job, ...parts: string[]): Promise<void> {
  const error = await t.throwsAsync(job.wait(), { instanceOf: SerializationError })
  for (const part of parts) t.true(error?.message.includes(part), `${error?.message} — should name ${part}`)
}
