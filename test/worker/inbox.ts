import { MessageChannel } from 'node:worker_threads'
import test, { type ExecutionContext } from 'ava'
import { Inbox } from '../../src/worker/inbox.js'

function connect(t: ExecutionContext): { inbox: Inbox<string>; send(message: string): void } {
  const { port1, port2 } = new MessageChannel()
  t.teardown(() => port1.close())
  const asked = new Int32Array(new SharedArrayBuffer(4))
  const send = (message: string) => {
    port1.postMessage(message)
    Atomics.add(asked, 0, 1)
    Atomics.notify(asked, 0)
  }
  return { inbox: new Inbox(port2, asked), send }
}

test('messages are polled without the event loop, in the order in which they were sent', (t) => {
  const { inbox, send } = connect(t)
  send('a')
  send('b')
  t.is(inbox.poll(), 'a')
  t.is(inbox.poll(), 'b')
  t.is(inbox.poll(), undefined)
})

test('a message is waited for', async (t) => {
  const { inbox, send } = connect(t)
  const next = inbox.next()
  send('later')
  t.is(await next, 'later')
})

test('what arrived while the event loop turned comes before what came after', async (t) => {
  const { inbox, send } = connect(t)
  send('a')
  send('b')
  await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
  send('c')
  t.deepEqual([inbox.poll(), inbox.poll(), inbox.poll()], ['a', 'b', 'c'])
})
