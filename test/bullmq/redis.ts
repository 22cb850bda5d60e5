// The tests' own Redis: a test that needs one can rely on it.

import { createConnection } from 'node:net'
import test from 'ava'
import { Redis } from '../helpers/redis.js'

function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(`${command}\r\n`))
    socket.once('data', (answer) => {
      socket.destroy()
      resolve(answer.toString().trim())
    })
    socket.once('error', reject)
  })
}

test('it answers, and is gone when it is closed', async (t) => {
  const redis = await Redis.start()
  t.is(await ask(redis.port, 'PING'), '+PONG')
  await redis.close()
  await t.throwsAsync(ask(redis.port, 'PING'), { code: 'ECONNREFUSED' })
})

test('started again it has forgotten everything, unless it is durable', async (t) => {
  for (const durable of [false, true]) {
    await using redis = await Redis.start({ durable })
    t.is(await ask(redis.port, 'SET key value'), '+OK')
    await redis.stop()
    await redis.start()
    t.is(await ask(redis.port, 'EXISTS key'), durable ? ':1' : ':0')
  }
})

test.serial('where there is none, the error says how to get it', async (t) => {
  const { PATH } = process.env
  process.env.PATH = '/nowhere'
  t.teardown(() => {
    process.env.PATH = PATH
  })
  await t.throwsAsync(Redis.start(), {
    message: /^Cannot start a Redis server: .*Way out: apt-get install redis-server/,
  })
})
