// What cannot leave a process, where calls run in others.

import { MessageChannel } from 'node:worker_threads'
import test, { type ExecutionContext } from 'ava'
import { move, processes, SerializationError, shared, threads } from '../../src/index.js'
import { Apart, Tally, type Tied } from '../fixtures/apart.js'
import { rejectsSaying, throwsSaying } from '../helpers/throws-saying.js'

const executor = processes({ workers: 1 })
const here = threads({ workers: 1 })

test.after.always(() => Promise.all([executor.close(), here.close()]))

function refuses(t: ExecutionContext, call: () => unknown, ...says: string[]): void {
  throwsSaying(
    t,
    call,
    SerializationError,
    ...says,
    'cannot cross to a worker',
    'Way out: ',
    'run the job with threads()',
  )
}

const memory = () => new Int32Array(new SharedArrayBuffer(4))

test('shared memory is refused where the call is made, with its path', async (t) => {
  const job = new Apart({ executor })
  const says = 'a SharedArrayBuffer, which two processes cannot have in common'
  refuses(t, () => job.take(memory()), 'argument 0 of Apart.take, at .buffer', says, 'pass a copy')
  refuses(t, () => job.take(1, { rows: [memory().buffer] }), 'argument 1 of Apart.take, at .rows[0]', says)
  refuses(t, () => job.take(new Map([['x', memory()]])), '.get("x").buffer', says)
  refuses(t, () => job.take(shared({ counts: memory() })), 'argument 0 of Apart.take, at .counts.buffer', says)
  refuses(t, () => job.take({ held: shared({ counts: memory() }) }), 'at .counts.buffer', says)
  refuses(t, () => job.take(new Tally(memory())), 'argument 0 of Apart.take', says)
  refuses(t, () => job.take(job.pid(), memory()), 'argument 1 of Apart.take, at .buffer', says)
  job.field = { counts: memory() }
  refuses(t, () => job.take(), 'this of Apart.take, at .field.counts.buffer', says, '#private')
  job.field = undefined
  t.is(await job.take(), 1)
})

test('it is refused also where a job with threads has been given it before', async (t) => {
  const [near, far] = [new Apart({ executor: here }), new Apart({ executor })]
  const plain = { counts: memory() }
  const held = shared({ counts: memory() })
  const within = { held }
  const tally = new Tally(memory())
  for (const value of [plain, held, within, tally]) {
    t.is(await near.take(value), 1)
    refuses(t, () => far.take(value), 'argument 0 of Apart.take', 'a SharedArrayBuffer')
    t.is(await near.take(value), 1)
  }
})

test('a MessagePort is refused where the call is made, moved or not, and stays with its owner', async (t) => {
  const job = new Apart({ executor })
  const { port1, port2 } = new MessageChannel()
  const says = 'a MessagePort, which cannot leave its process'
  refuses(t, () => job.take(move(port1)), 'argument 0 of Apart.take: ', says)
  refuses(t, () => job.takeAgain({ port: move(port1) }), 'argument 0 of Apart.takeAgain, at .port: ', says)
  refuses(t, () => job.take(port2), 'argument 0 of Apart.take: ', says)
  t.is(await new Apart({ executor: here }).take(move(port1)), 1)
  port2.close()
})

test('a call that is refused takes nothing away', (t) => {
  const job = new Apart({ executor })
  const bytes = new Uint8Array(2)
  refuses(t, () => job.take(move(bytes), memory()), 'argument 1 of Apart.take')
  t.is(bytes.length, 2)
})

for (const what of ['a SharedArrayBuffer', 'a view of one', 'a port'] as const satisfies readonly Tied[]) {
  test(`${what} that a call gives back is an error of the call`, async (t) => {
    const job = new Apart({ executor })
    const name = what === 'a port' ? 'a MessagePort' : 'a SharedArrayBuffer'
    job.give(what)
    await rejectsSaying(t, job.wait(), SerializationError, 'the result of Apart.give, at .rows[1]', name, 'threads()')
    job.throwIt(what)
    await rejectsSaying(t, job.wait(), SerializationError, 'Apart.throwIt, at .held', name)
    const box = {}
    job.write(box, what)
    await rejectsSaying(t, job.wait(), SerializationError, 'Apart.write', name)
    t.deepEqual(box, {})
    t.is(await job.take(), 1)
  })
}

test('calls run in another process', async (t) => {
  t.not(await new Apart({ executor }).pid(), process.pid)
})
