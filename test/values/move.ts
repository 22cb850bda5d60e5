import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import test from 'ava'
import { ConflictError, move, SerializationError, shared, threads } from '../../src/index.js'
import { Image, Moving, Sealed } from '../fixtures/moving.js'
import { callsOf } from '../helpers/calls.js'
import { eachExecutor, eachInProcess } from '../helpers/each-executor.js'
import { rejectsSaying, throwsSaying } from '../helpers/throws-saying.js'

eachExecutor('a moved buffer is taken away at the call and arrives with its bytes', async (t, executor) => {
  const job = new Moving({ executor })
  const buffer = new Uint8Array([1, 2, 3]).buffer
  const moved = move(buffer)
  t.is(moved, buffer)
  t.is(buffer.byteLength, 3)
  const sum = job.sum(moved)
  t.is(buffer.byteLength, 0)
  t.throws(() => new Uint8Array(buffer), { instanceOf: TypeError })
  t.is(await sum, 6)
})

eachExecutor('a call sees the bytes of the moment in which it was made', async (t, executor) => {
  const job = new Moving({ executor })
  const bytes = move(new Uint8Array([1, 2, 3]))
  bytes[0] = 10
  t.is(await job.sum(bytes), 15)
})

eachExecutor('a moved view takes its whole buffer along', async (t, executor) => {
  const job = new Moving({ executor })
  const all = new Uint8Array([1, 2, 3, 4])
  const part = all.subarray(1, 3)
  const filled = job.fill(move(part), 9)
  t.is(all.length, 0)
  t.deepEqual([...(await filled)], [9, 9])
  t.deepEqual([...new Uint8Array((await filled).buffer)], [1, 9, 9, 4])
})

eachExecutor('what a method returns of a moved value comes back as a value of its own', async (t, executor) => {
  const job = new Moving({ executor })
  const bytes = new Uint8Array(3)
  const { bytes: back, window } = await job.giveBack(move(bytes))
  t.is(bytes.length, 0)
  t.deepEqual([...back], [1, 1, 1])
  t.is(back.buffer, window.buffer)
  back[1] = 5
  t.is(window[0], 5)
  t.deepEqual([...(await job.fill(move(back), 2))], [2, 2, 2])
})

eachExecutor('a moved value keeps its identity within the call', async (t, executor) => {
  const job = new Moving({ executor })
  const bytes = new Uint8Array(4)
  t.deepEqual(await job.share(move(bytes), { held: bytes }), [true, true])
  const other = new Uint8Array(4)
  t.deepEqual(await job.share(other.subarray(1), { held: move(other) }), [false, true])
  t.is(other.length, 0)
})

eachExecutor('a moved value within an argument is not written back, and everything else is', async (t, executor) => {
  const job = new Moving({ executor })
  const pixels = new Uint8Array([7, 8])
  const image = new Image('a', move(pixels))
  t.is(await job.blank(image), 2)
  t.deepEqual([...image.pixels], [2])
  t.is(pixels.length, 0)
})

eachExecutor('a field of the job is moved as well', async (t, executor) => {
  const job = new Moving({ executor })
  job.scratch = move(new Uint8Array([1, 2]).buffer)
  const sum = job.sumScratch()
  t.is(job.scratch.byteLength, 0)
  t.is(await sum, 3)
  job.scratch = new Uint8Array([3]).buffer
  t.is(await job.sum(move(job.scratch)), 3)
  throwsSaying(t, () => job.half(1), SerializationError, '.scratch', 'moved to an earlier call')
})

eachExecutor('what an earlier call passed as a copy can be moved', async (t, executor) => {
  const job = new Moving({ executor })
  const bytes = new Uint8Array([1, 2])
  t.is(await job.sum(bytes), 3)
  t.is(bytes.length, 2)
  t.is(await job.sum(move(bytes)), 3)
  t.is(bytes.length, 0)
})

eachExecutor('a moved value cannot be passed to a second call', async (t, executor) => {
  const job = new Moving({ executor })
  const bytes = new Uint8Array([1, 2])
  const sum = job.sum(move(bytes))
  for (const again of [() => job.sum(move(bytes)), () => job.sum(bytes), () => job.sum(bytes.buffer)]) {
    throwsSaying(t, again, SerializationError, 'argument 0 of Moving.sum', 'moved to an earlier call', 'a copy')
  }
  t.is(await sum, 3)
})

eachExecutor('a call that is refused takes nothing away', (t, executor) => {
  const job = new Moving({ executor })
  const bytes = new Uint8Array(2)
  t.throws(() => job.sumAnd(move(bytes), (() => 1) as never), { instanceOf: SerializationError })
  t.throws(() => job.take([move(bytes), Symbol('x')]), { instanceOf: SerializationError })
  t.is(bytes.length, 2)
})

eachExecutor('a call that waits for a result takes what it is given at once', async (t, executor) => {
  const job = new Moving({ executor })
  const bytes = new Uint8Array([1, 2])
  const sum = job.sumAnd(move(bytes), job.half(8))
  t.is(bytes.length, 0)
  t.is(await sum, 7)
})

eachExecutor(
  'what an earlier call writes into a buffer reaches the call to which it was moved',
  async (t, executor) => {
    const job = new Moving({ executor })
    const bytes = new Uint8Array([1, 2])
    void job.raise(bytes)
    void job.raise(bytes)
    const sum = job.sum(move(bytes))
    t.is(await sum, 5)
    await job.wait()
    t.is(bytes.length, 0)
  },
)

eachExecutor('a buffer that the program itself has transferred since is a conflict', async (t, executor) => {
  const job = new Moving({ executor })
  const bytes = new Uint8Array([1, 2])
  void job.raise(bytes)
  structuredClone(bytes, { transfer: [bytes.buffer] })
  await rejectsSaying(t, job.wait(), ConflictError, 'argument 0')
})

eachExecutor('a call that runs again finds what was moved to it as it was', async (t, executor) => {
  const job = new Moving({ executor })
  const total = { n: 0 }
  const given = [1, 2, 3, 4, 5, 6].map((n) => new Uint8Array([n]))
  for (const bytes of given) void job.addFirst(total, move(bytes))
  t.deepEqual(
    given.map(({ length }) => length),
    [0, 0, 0, 0, 0, 0],
  )
  await job.wait()
  t.is(total.n, 21)
})

eachInProcess('a moved port speaks from where the call runs', async (t, executor) => {
  const job = new Moving({ executor })
  const { port1, port2 } = new MessageChannel()
  port1.postMessage('there and')
  await job.answer(move(port2))
  t.is(receiveMessageOnPort(port1)?.message, 'there and back')
  t.throws(() => structuredClone(port2, { transfer: [port2] }), { any: true, name: 'DataCloneError' })
  port1.close()
})

eachInProcess('a moved port keeps its identity within the call', async (t, executor) => {
  const { port1 } = new MessageChannel()
  t.true(await new Moving({ executor }).both({ port: move(port1) }, port1))
})

eachInProcess('a port crosses only if it is moved, once, and not back', async (t, executor) => {
  const job = new Moving({ executor })
  const { port1, port2 } = new MessageChannel()
  throwsSaying(
    t,
    () => job.answer(port1),
    SerializationError,
    'argument 0 of Moving.answer',
    'MessagePort',
    'move(port)',
  )
  throwsSaying(t, () => job.answerAgain(move(port1)), SerializationError, 'MessagePort', 'run twice', 'rerun')
  await rejectsSaying(
    t,
    async () => job.keepPort(move(port2)),
    SerializationError,
    'the result of Moving.keepPort',
    'MessagePort',
  )
  throwsSaying(t, () => job.answer(move(port2)), SerializationError, 'argument 0 of Moving.answer')
  port1.close()
})

test('calls that wait behind a long one keep what was moved to them', async (t) => {
  const executor = threads({ workers: 2, batch: 10 })
  t.teardown(() => executor.close())
  const job = new Moving({ executor })
  const sums = Array.from({ length: 10 }, (_, i) => job.sumSlowly(move(new Uint8Array([i, 1])), i === 0 ? 400 : 0))
  t.deepEqual(await Promise.all(sums), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('bytes that move to a worker are not copied, unless the call may run again', (t) => {
  const [once, again] = callsOf(
    Moving,
    (job) => job.sum(move(new Uint8Array(4))),
    (job) => job.addFirst({ n: 0 }, move(new Uint8Array(4))),
  )
  t.deepEqual(
    once!.units.map(({ transfer }) => transfer),
    [[], [new ArrayBuffer(4)]],
  )
  t.deepEqual(
    again!.units.flatMap(({ transfer }) => transfer),
    [],
  )
})

eachExecutor('what nobody can give away is refused at the call', (t, executor) => {
  const job = new Moving({ executor })
  const small = Buffer.from('small')
  throwsSaying(t, () => job.sum(move(small)), SerializationError, 'argument 0 of Moving.sum', 'without move()')
  t.is(small.toString(), 'small')
  const sealed = new Sealed(new Uint8Array(1))
  throwsSaying(t, () => job.take(sealed), SerializationError, 'encode()', 'without move()')
  const held = shared({ bytes: new Uint8Array(1) })
  move(held.bytes)
  throwsSaying(t, () => job.take(held), SerializationError, 'argument 0 of Moving.take, at .bytes', 'shared()')
})

const refused: [value: unknown, ...says: string[]][] = [
  [new Int32Array(new SharedArrayBuffer(4)), 'a SharedArrayBuffer', 'pass it as it is'],
  [new SharedArrayBuffer(4), 'a SharedArrayBuffer', 'pass it as it is'],
  [{ pixels: new Uint8Array(1) }, 'an object of another kind', 'shared()'],

  [null, 'null'],
  [7, '7'],
  [undefined, 'undefined'],
]

for (const [value, ...says] of refused) {
  test(`move() refuses ${says[0]}, ${value?.constructor.name}`, (t) => {
    throwsSaying(t, () => move(value as ArrayBuffer), TypeError, 'Cannot move', ...says, 'Way out')
  })
}

eachExecutor('move() refuses the result of a call', async (t, executor) => {
  const job = new Moving({ executor })
  const bytes = job.fill(new Uint8Array(1), 1)
  throwsSaying(t, () => move(bytes), TypeError, 'not committed yet', 'await it first')
  t.deepEqual([...(await bytes)], [1])
})
