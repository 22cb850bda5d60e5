// What cannot be used is said where it is given, before anything is started.

import test from 'ava'
import { Redis } from 'ioredis'
import { type BullmqOptions, bullmq, type ServeOptions, serve } from '../../src/bullmq/index.js'
import { ROOT } from '../helpers/host-process.js'

const connection = { host: '127.0.0.1', port: 1 }
const good = { connection, queue: 'test', root: ROOT }

const forBoth: [options: object, says: RegExp][] = [
  [{ connection: undefined }, /for (bullmq|serve)\(\{ connection \}\): it must be a URL, or options of ioredis/],
  [{ queue: '' }, /\(\{ queue \}\): it must be a name/],
  [{ queue: 'a:b' }, /Cannot use a:b for .*\(\{ queue \}\): it must be a name, without colons/],
  [{ prefix: '' }, /\(\{ prefix \}\): it must be a name/],
  [{ sign: 'short' }, /Cannot use the key given to .*\(\{ sign \}\): it must have 16 bytes/],
  [{ root: '/nowhere/at/all' }, /Cannot use \/nowhere\/at\/all for .*\(\{ root \}\): it must be a folder/],
]
for (const [options, says] of forBoth)
  test(`neither side takes ${JSON.stringify(options)}`, async (t) => {
    const error = t.throws(() => bullmq({ ...good, ...options } as BullmqOptions), { message: says })
    t.true(error instanceof TypeError || error instanceof RangeError)
    t.notRegex(error!.message, /short/)
    await t.throwsAsync(serve({ ...good, ...options } as ServeOptions), { message: says })
  })

for (const [options, says] of [
  [{ batch: 0 }, /Cannot use 0 for bullmq\(\{ batch \}\): it must be a positive whole number/],
  [{ maxPending: 1.5 }, /bullmq\(\{ maxPending \}\)/],
  [{ timeout: -1 }, /bullmq\(\{ timeout \}\): it must be a positive number of milliseconds/],
  [
    { connection: { host: 'redis', retryStrategy: () => 1 } },
    /they go to a thread, which functions and clients cannot\. Way out: /,
  ],
] as [object, RegExp][])
  test(`bullmq() does not take ${Object.keys(options)}`, (t) => {
    t.throws(() => bullmq({ ...good, ...options } as BullmqOptions), { message: says })
  })

test('bullmq() does not take a client', (t) => {
  const client = new Redis({ ...connection, lazyConnect: true })
  t.throws(() => bullmq({ ...good, connection: client as never }), {
    instanceOf: TypeError,
    message: /Way out: pass plain/,
  })
  client.disconnect()
})

for (const [options, says] of [
  [{ root: undefined }, /Cannot use serve\(\) without \{ root \}/],
  [{ concurrency: 0 }, /Cannot use 0 for serve\(\{ concurrency \}\)/],
  [{ deadAfter: 299 }, /Cannot use 299 for serve\(\{ deadAfter \}\)/],
  [{ deadAfter: 1000.5 }, /it must be a whole number of milliseconds, 300 at least/],
] as [object, RegExp][])
  test(`serve() does not take ${JSON.stringify(options)}`, async (t) => {
    await t.throwsAsync(serve({ ...good, ...options } as unknown as ServeOptions), { message: says })
  })
