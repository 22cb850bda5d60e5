import test from 'ava'
import { ConflictError, inline } from '../src/index.js'
import { Money } from './fixtures/serializable-classes.js'
import { SharedState, type State } from './fixtures/shared-state.js'
import { eachExecutor } from './helpers/each-executor.js'

const fresh = (): State => ({
  n: 0,
  flags: { flag: 0 },
  list: [],
  map: new Map([[100, 100]]),
  bytes: new Float64Array(8),
})

eachExecutor('calls that write places of their own in one object do not conflict', async (t, executor) => {
  const state = fresh()
  const job = new SharedState({ executor })
  for (let i = 0; i < 30; i++) job.writeOwn(state, i)
  await job.wait()
  t.deepEqual(
    state.list,
    Array.from({ length: 30 }, (_, i) => i * i),
  )
  t.deepEqual([...state.map.keys()], [100, ...Array.from({ length: 30 }, (_, i) => i)])
  t.deepEqual(Object.keys(state.flags), ['flag', ...Array.from({ length: 30 }, (_, i) => `flag ${i}`)])
})

eachExecutor('calls that write elements of their own of one typed array do not conflict', async (t, executor) => {
  const state = fresh()
  const job = new SharedState({ executor })
  for (let i = 0; i < 8; i++) job.writeByte(state, i)
  await job.wait()
  t.deepEqual([...state.bytes], [0, 1, 2, 3, 4, 5, 6, 7])
})

eachExecutor('a later call that read what an earlier one wrote throws ConflictError', async (t, executor) => {
  const state = fresh()
  const job = new SharedState({ executor })
  for (let i = 0; i < 5; i++) job.add(state, 1)
  const error = await t.throwsAsync(job.wait(), { instanceOf: ConflictError })
  const { calls: [earlier, later] = [], ...place } = error!.details!
  t.deepEqual(place, { className: 'SharedState', method: 'add', parameter: 'argument 0', path: '.n' })
  t.is(later, earlier! + 1)
  const parts = [
    `call ${later} of SharedState.add`,
    `call ${earlier} `,
    'argument 0 at .n',
    'has read it',
    "onConflict: 'rerun'",
  ]
  for (const part of parts) t.true(error!.message.includes(part), part)
  t.is(state.n, earlier!)
})

eachExecutor("with onConflict: 'rerun' it runs again, and a running total comes out right", async (t, executor) => {
  const state = fresh()
  const job = new SharedState({ executor })
  for (let i = 1; i <= 100; i++) job.addAgain(state, i)
  await job.wait()
  t.is(state.n, 5050)
})

eachExecutor(
  'of several writes of one place the last wins, also one that writes what was there',
  async (t, executor) => {
    const state = fresh()
    const job = new SharedState({ executor })
    for (const to of [1, 2, 0]) job.setFlag(state, to)
    await job.wait()
    t.is(state.flags.flag, 0)
  },
)

eachExecutor('a call that counted the entries of a Map conflicts with one that added an entry', async (t, executor) => {
  const state = fresh()
  const job = new SharedState({ executor })
  job.count(state)
  job.writeOwn(state, 1)
  await job.wait()
  job.writeOwn(state, 2)
  job.count(state)
  const error = await t.throwsAsync(job.wait(), { instanceOf: ConflictError })
  t.is(error?.details?.path, '.map.get(2)')
})

eachExecutor('recording does not change what structuredClone sees', async (t, executor) => {
  const state = fresh()
  const job = new SharedState({ executor })
  for (const i of [0, 1]) t.is(await job.copy(state, i), i + 1)
  t.deepEqual(state.list, [0, 0])
})

eachExecutor('inspect shows objects as they are', async (t, executor) => {
  const state = fresh()
  const job = new SharedState({ executor })
  t.is(await job.look(state, 0), '{ flag: 0 }')
  job.setFlag(state, 1)
  t.is(await job.look(state, 1), '{ flag: 1 }')
  const bare = { ...fresh(), flags: Object.assign(Object.create(null), { flag: 0 }) as Record<string, number> }
  t.is(await job.look(bare, 0), '[Object: null prototype] { flag: 0 }')
})

test('what inspect reads counts as read', async (t) => {
  const state = fresh()
  const job = new SharedState({ executor: inline() })
  job.setFlagOf(state, 1)
  job.lookAt(state, 0)
  const error = await t.throwsAsync(job.wait(), { instanceOf: ConflictError })
  t.is(error?.details?.path, '.flags.flag')
})

eachExecutor('keys come in the order in which calls one after the other would set them', async (t, executor) => {
  const state = fresh()
  const job = new SharedState({ executor })
  job.forgetFlag(state, 'flag')
  job.setFlags(state, ['flag', 'new'])
  await job.wait()
  t.deepEqual(Object.keys(state.flags), ['flag', 'new'])
  job.forgetFlag(state, 'flag')
  job.setFlags(state, ['newer', 'flag'])
  await job.wait()
  t.deepEqual(Object.keys(state.flags), ['new', 'newer', 'flag'])
})

eachExecutor('a key that was deleted and set again comes last', async (t, executor) => {
  const state = fresh()
  const job = new SharedState({ executor })
  job.writeOwn(state, 1)
  job.renew(state, 100)
  await job.wait()
  t.deepEqual(Object.keys(state.flags), ['flag 1', 'flag'])
  t.deepEqual([...state.map.keys()], [1, 100])
})

eachExecutor('a key that was deleted and could not be set again is gone', async (t, executor) => {
  const state = fresh()
  const job = new SharedState({ executor })
  t.false(await job.deleteAndLock(state))
  t.deepEqual(Object.keys(state.flags), [])
  const flags = Object.assign(Object.create(null), { flag: 1, other: 2 }) as Record<string, number>
  t.false(await job.deleteAndLock({ ...fresh(), flags }))
  t.deepEqual(Object.entries(flags), [['other', 2]])
  t.false(Object.isExtensible(flags))
})

eachExecutor('a method whose reads are noted uses private fields as always', async (t, executor) => {
  const state = { n: 1, money: new Money(5), refused: new DOMException('no more') }
  const job = new SharedState({ executor })
  t.is(await job.spend(state), 'no more')
  t.is(state.n, 6)
})

eachExecutor('what such a method freezes can be read, and refuses in the same words as ever', async (t, executor) => {
  const freezeAnd = async (what: 'write' | 'push' | 'delete' | 'read') =>
    new SharedState({ executor }).freezeAnd({ list: [], n: 0 }, what)
  t.is(await freezeAnd('read'), 0)
  const refusal = { instanceOf: TypeError }
  const write = await t.throwsAsync(freezeAnd('write'), refusal)
  t.is(write?.message, "Cannot assign to read only property 'n' of object '#<Object>'")
  t.regex(write?.stack?.split('\n')[1] ?? '', /freezeAnd/)
  t.is((await t.throwsAsync(freezeAnd('push'), refusal))?.message, 'Cannot add property 0, object is not extensible')
  t.is((await t.throwsAsync(freezeAnd('delete'), refusal))?.message, "Cannot delete property 'n' of #<Object>")
})

eachExecutor('what the caller writes over a write that made no difference stays', async (t, executor) => {
  const state = fresh()
  const job = new SharedState({ executor })
  job.setFlag(state, 1)
  await job.wait()
  job.setFlag(state, 1)
  state.flags.flag = 5
  await job.wait()
  t.is(state.flags.flag, 5)
})

eachExecutor(
  'a place that a call and then the caller changed is a conflict, whatever else changed',
  async (t, executor) => {
    const state = fresh()
    state.flags.other = 1
    const job = new SharedState({ executor })
    job.setFlag(state, 1)
    await job.wait()
    job.forgetFlag(state, 'other')
    job.setFlag(state, 2)
    state.flags.flag = 5
    await t.throwsAsync(job.wait(), { instanceOf: ConflictError, message: /the caller has changed/ })
  },
)

eachExecutor('a member of a Set that a call moved and the caller deleted is a conflict', async (t, executor) => {
  const set = new Set([1, 2])
  const job = new SharedState({ executor })
  job.moveToEnd(set, 1)
  set.delete(1)
  await t.throwsAsync(job.wait(), { instanceOf: ConflictError, message: /the caller has changed/ })
})

for (const [what, holder] of Object.entries({
  'an error': () => new Error('holder'),
  'a Date': () => new Date(0),
})) {
  eachExecutor(`what is read of an object that ${what} holds is not missed`, async (t, executor) => {
    const counter = { n: 0 }
    const job = new SharedState({ executor })
    const held = Object.assign(holder(), { counter })
    for (let i = 0; i < 3; i++) job.countIn(held)
    await job.wait()
    t.is(counter.n, 3)
  })
}
