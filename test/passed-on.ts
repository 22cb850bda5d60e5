// Calls see the caller's objects as they were when the calls were made, also those that come to them through other calls.

import test, { type ExecutionContext } from 'ava'
import { ConflictError } from '../src/index.js'
import { type Box, PassingOn } from './fixtures/passing-on.js'
import { eachExecutor } from './helpers/each-executor.js'
import { late } from './helpers/late.js'

// A Future is what a call of a concurrent method gives, whatever its type says.
const given = <T>(result: T | Promise<T>) => result as T

async function saysThatTheCallerChanged(t: ExecutionContext, job: PassingOn, call: number, place: string) {
  const error = await t.throwsAsync(job.wait(), { instanceOf: ConflictError })
  t.deepEqual(error?.details?.calls, [call])
  t.regex(error!.message, /^Cannot run call \d of PassingOn\.\w+: through call \d of PassingOn\.\w+ /)
  t.true(error!.message.includes(`an object that the caller has changed since that call was made, ${place} of it`))
  t.regex(error!.message, /Way out: .*`await this\.wait\(\)`/)
}

eachExecutor('a call that is given what another returned sees what earlier calls wrote there', async (t, executor) => {
  const job = new PassingOn({ executor })
  const box: Box = { a: 1 }
  job.set(box, 5)
  const result = job.read(given(job.keep(box)))
  const wrapped = job.read(given(job.wrap(box)))
  t.deepEqual([await result, await wrapped], [5, 15])
})

test('what the caller has written to such an object is not missed', async (t) => {
  const job = new PassingOn({ executor: late() })
  const box: Box = { a: 1 }
  job.read(given(job.keep(box)))
  box.a = 2
  await saysThatTheCallerChanged(t, job, 2, 'argument 0')
  const deep: Box = { a: 1, inner: { a: 1 } }
  job.read(given(job.wrap(deep)))
  deep.inner!.a = 2
  await saysThatTheCallerChanged(t, job, 4, 'argument 0 at .inner')
})

eachExecutor('an object that a call was given itself, too, it sees as it was then', async (t, executor) => {
  const job = new PassingOn({ executor })
  const box: Box = { a: 1 }
  const result = job.read(given(job.keep(box)), box)
  box.a = 2
  t.is(await result, 101)
  job.state.a = 3
  const ofJob = job.read(given(job.ofJob()))
  job.state.a = 4
  t.is(await ofJob, 3)
})

eachExecutor('of two results, the first is taken as it was before the caller had it', async (t, executor) => {
  const job = new PassingOn({ executor })
  const first = job.make(1)
  const second = job.make(2)
  const sum = job.read(given(first), given(second))
  const box = await first
  box.a = 50
  t.is(await sum, 201)
})

eachExecutor('what an earlier call put into an object is seen as it was', async (t, executor) => {
  const job = new PassingOn({ executor })
  const [box, inner]: [Box, Box] = [{ a: 1 }, { a: 10 }]
  job.put(box, inner)
  t.is(await job.take(box), 11)
  const another: Box = { a: 1 }
  job.putNew(another, 7)
  t.is(await job.take(another), 8)
})

test('what the caller has written there is not missed', async (t) => {
  const job = new PassingOn({ executor: late() })
  const [box, inner]: [Box, Box] = [{ a: 1 }, { a: 10 }]
  job.put(box, inner)
  job.take(box)
  inner.a = 20
  await saysThatTheCallerChanged(t, job, 2, 'argument 1')
})
