// `deco worker` as it is used: real processes, a real Redis.

import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import test, { type ExecutionContext } from 'ava'
import { Redis as Client } from 'ioredis'
import { type BullmqOptions, bullmq } from '../../src/bullmq/index.js'
import type { Executor } from '../../src/index.js'
import { Held } from '../fixtures/held.js'
import { Folder } from '../helpers/folder.js'
import { ROOT } from '../helpers/host-process.js'
import { Redis } from '../helpers/redis.js'
import { WorkerProcess } from '../helpers/worker-process.js'

const KEY = 'k'.repeat(40)
const PASSWORD = 'hunter2-and-more'

const usual = ['--queue', 'test', '--root', ROOT, '--concurrency', '1', '--dead-after', '600']
const urlOf = ({ port }: Redis, password = '') => `redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${port}`
const worker = (redis: Redis, more: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
  new WorkerProcess([...usual, ...more], { DECO_CONNECTION: urlOf(redis), ...env })
const executorOf = (redis: Redis, more: Partial<BullmqOptions> = {}): Executor =>
  bullmq({ connection: redis.connection, queue: 'test', root: ROOT, ...more })
const pid = (job: Held) => job.pid()

async function held(executor: Executor, folder: Folder): Promise<{ results: Promise<unknown[]>; file: string }> {
  const file = folder.file('release')
  const results = new Held({ executor }).all(1, (job) => job.hold(file))
  await folder.until('release.')
  return { results, file }
}

async function asks(t: ExecutionContext, url: unknown, status: number, content: object): Promise<void> {
  const response = await fetch(String(url))
  t.is(response.status, status)
  t.like(await response.json(), content)
}

test.serial('it runs calls, says what it does, and leaves on SIGTERM', async (t) => {
  await using redis = await Redis.start()
  await using host = worker(redis)
  const { host: id } = await host.until('ready')
  await using executor = executorOf(redis)
  t.deepEqual(await new Held({ executor }).all(10, pid), new Array(10).fill(host.pid))
  await t.throwsAsync(
    new Held({ executor }).all(1, (job) => job.spoil(undefined as never)),
    { instanceOf: TypeError },
  )
  host.kill('SIGTERM')
  t.is(await host.ended(), 0)
  const last = host.said.findLast(({ event }) => event === 'state')
  t.like(last, { host: id, queue: 'test', lanes: 1, running: 0, calls: 11, failed: 1, refused: 0 })
  t.deepEqual(
    host.said.filter(({ event }) => event !== 'state').map(({ event }) => event),
    ['ready', 'leaving', 'closed'],
  )
})

test.serial('SIGINT lets a call finish', async (t) => {
  await using redis = await Redis.start()
  await using host = worker(redis, ['--stop-within', '60000'])
  await host.until('ready')
  await using executor = executorOf(redis)
  using folder = new Folder()
  const { results, file } = await held(executor, folder)
  host.kill('SIGINT')
  await host.until('leaving')
  writeFileSync(file, '')
  t.deepEqual(await results, [host.pid])
  t.is(await host.ended(), 0)
})

test.serial('what takes too long is handed to another host', async (t) => {
  await using redis = await Redis.start()
  await using host = worker(redis, ['--stop-within', '50'])
  await host.until('ready')
  await using executor = executorOf(redis)
  using folder = new Folder()
  const { results, file } = await held(executor, folder)
  await using other = worker(redis)
  await other.until('ready')
  host.kill('SIGTERM')
  t.is(await host.ended(), 0)
  await folder.until(`release.${other.pid}`)
  writeFileSync(file, '')
  t.deepEqual(await results, [other.pid])
})

test.serial('a second signal ends it at once', async (t) => {
  await using redis = await Redis.start()
  await using host = worker(redis, ['--stop-within', '600000'])
  await host.until('ready')
  await using executor = executorOf(redis)
  using folder = new Folder()
  const { results } = await held(executor, folder)
  results.catch(() => {})
  host.kill('SIGTERM')
  await host.until('leaving')
  host.kill('SIGTERM')
  t.is(await host.ended(), 143)
})

test.serial('it tells of its health, before, while and after Redis is there', async (t) => {
  await using redis = await Redis.start()
  await redis.stop()
  await using host = worker(redis, ['--health', '0'])
  const { message } = await host.until('health')
  const [health, ready] = [String(message), String(message).replace(/health$/, 'ready')]
  await asks(t, health, 503, { status: 'starting', queue: 'test' })
  await asks(t, ready, 503, { status: 'starting' })
  await redis.start()
  const { host: id } = await host.until('ready')
  await asks(t, health, 200, { status: 'ok', host: id, lanes: 1, calls: 0, isConnected: true })
  await asks(t, ready, 200, { status: 'ok' })
  t.is((await fetch(health.replace(/health$/, ''))).status, 404)
  t.is((await fetch(ready, { method: 'POST' })).status, 405)
  await redis.stop()
  let status: number
  do ({ status } = await fetch(health))
  while (status === 200)
  await asks(t, ready, 503, { status: 'disconnected', isConnected: false })
})

test.serial('while it leaves it is well, and not ready', async (t) => {
  await using redis = await Redis.start()
  await using host = worker(redis, ['--health', '0', '--stop-within', '60000'])
  const { message } = await host.until('health')
  await host.until('ready')
  await using executor = executorOf(redis)
  using folder = new Folder()
  const { results, file } = await held(executor, folder)
  host.kill('SIGTERM')
  await host.until('leaving')
  await asks(t, message, 200, { status: 'leaving', running: 1 })
  await asks(t, String(message).replace(/health$/, 'ready'), 503, { status: 'leaving' })
  writeFileSync(file, '')
  await results
  t.is(await host.ended(), 0)
})

test.serial('a Redis that is not there: it says so once, waits, and leaves when it is told to', async (t) => {
  await using redis = await Redis.start()
  await redis.stop()
  await using host = worker(redis)
  const { message } = await host.until('error')
  t.regex(String(message), /ECONNREFUSED/)
  host.kill('SIGTERM')
  t.is(await host.ended(), 0)
  t.is(host.said.filter(({ event }) => event === 'error').length, 1)
})

test.serial('a Redis that goes while it serves does not keep it from leaving', async (t) => {
  await using redis = await Redis.start()
  await using host = worker(redis, ['--stop-within', '50'])
  await host.until('ready')
  await redis.stop()
  await host.until('error')
  host.kill('SIGTERM')
  t.is(await host.ended(), 0)
})

test.serial('neither password nor key is printed, whatever goes wrong', async (t) => {
  await using redis = await Redis.start()
  const client = new Client(redis.connection)
  await client.config('SET', 'requirepass', 'another')
  client.disconnect()
  const env = { DECO_CONNECTION: urlOf(redis, PASSWORD), DECO_SIGN: KEY }
  await using host = worker(redis, [], env)
  t.is(await host.ended(), 1)
  t.regex(host.output, /^Cannot serve the queue test: Redis at 127\.0\.0\.1:\d+ refuses it \(WRONGPASS .*Way out: /m)
  t.false([PASSWORD, KEY].some((secret) => host.output.includes(secret)))
})

test.serial('with a key, from a file or the environment, it refuses what is not signed', async (t) => {
  using folder = new Folder()
  writeFileSync(folder.file('key'), `${KEY}\n`)
  await using redis = await Redis.start()
  for (const [args, env] of [
    [['--sign-file', folder.file('key')], {}],
    [[], { DECO_SIGN: KEY }],
  ] as const) {
    await using host = worker(redis, args, env)
    await host.until('ready')
    await using unsigned = executorOf(redis)
    await t.throwsAsync(new Held({ executor: unsigned }).all(1, pid), { message: /Way out: give the same key/ })
    await host.until('refused')
    await using signed = executorOf(redis, { sign: KEY })
    t.deepEqual(await new Held({ executor: signed }).all(1, pid), [host.pid])
    host.kill('SIGTERM')
    t.is(await host.ended(), 0)
  }
})

test.serial('what cannot be served ends it with a code, and says why', async (t) => {
  await using redis = await Redis.start()
  await using noRoot = new WorkerProcess(['--queue', 'test', '--root', '/nowhere'], { DECO_CONNECTION: urlOf(redis) })
  t.is(await noRoot.ended(), 2)
  t.regex(noRoot.output, /^Cannot use \/nowhere for serve\(\{ root \}\): it must be a folder that is there\.\n$/)
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await using taken = worker(redis, ['--health', String(port)])
  t.is(await taken.ended(), 1)
  t.regex(taken.output, /^Cannot answer at --health 127\.0\.0\.1:\d+: listen EADDRINUSE/)
  await new Promise((resolve) => server.close(resolve))
})
