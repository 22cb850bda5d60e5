// What docs/cluster.md lets machines do with Redis is enough for them, and for nothing else.

import test from 'ava'
import { Redis as Client } from 'ioredis'
import { bullmq } from '../../src/bullmq/index.js'
import { shared } from '../../src/index.js'
import { Held } from '../fixtures/held.js'
import { HostProcess, ROOT } from '../helpers/host-process.js'
import { read } from '../helpers/project.js'
import { Redis } from '../helpers/redis.js'

const [, rules] = /^user deco on >PASSWORD (.*)$/m.exec(read('docs/cluster.md')) ?? []

test('a user of Redis who may use one queue alone can serve it and call', async (t) => {
  await using redis = await Redis.start()
  const admin = new Client(redis.connection)
  await admin.call('ACL', 'SETUSER', 'deco', 'on', '>PASSWORD', ...rules!.split(' '))
  const connection = { ...redis.connection, username: 'deco', password: 'PASSWORD' }
  const options = { connection, queue: 'climate', root: ROOT }
  const host = await HostProcess.start({ ...options, concurrency: 1 })
  {
    await using executor = bullmq(options)
    const grid = shared({ values: new Float64Array(10_000).fill(2) })
    t.deepEqual(await new Held({ executor }).all(10, (job) => job.sumOf(grid)), new Array(10).fill(20_000))
    const job = new Held({ executor })
    const never = job.all(3, (job) => job.never())
    job.cancel()
    t.is(await never.catch((error: DOMException) => error.name), 'AbortError')
  }
  await host.close()
  t.deepEqual(host.said('error'), [])
  // What was refused to them would be written there.
  t.deepEqual(await admin.call('ACL', 'LOG'), [])
  admin.disconnect()

  const deco = new Client(connection)
  for (const [command, ...args] of [['flushall'], ['config', 'get', '*'], ['get', 'bull:other:meta'], ['keys', '*']])
    await t.throwsAsync(deco.call(command!, ...args), { message: /^NOPERM/ })
  deco.disconnect()
})
