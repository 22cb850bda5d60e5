// What becomes of calls when the network goes, or those who make them.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { DecoError } from '../../src/index.js'
import { Held } from '../fixtures/held.js'
import { Cluster, QUEUE } from '../helpers/cluster.js'
import { Folder } from '../helpers/folder.js'
import { type HostProcess, ROOT } from '../helpers/host-process.js'
import { Proxy } from '../helpers/proxy.js'

// No third of it is a whole number.
const SOON = { deadAfter: 700, within: 100 }
const PRODUCER = fileURLToPath(new URL('../fixtures/producer.js', import.meta.url))

const other = (cluster: Cluster, pid: number): HostProcess => cluster.hosts.find((host) => host.pid !== pid)!

for (const how of ['cut', 'silence'] as const) {
  test.serial(`a program whose network goes and comes back has its results (${how})`, async (t) => {
    await using cluster = await Cluster.start({ hosts: 1 })
    await using proxy = await Proxy.start(cluster.redis.port)
    await using executor = cluster.executor({ connection: proxy.connection, batch: 1 })
    using folder = new Folder()
    const release = folder.file('release')
    const results = new Held({ executor }).all(5, (job, i) => (i === 0 ? job.hold(release) : job.pid()))
    await folder.until('release.')
    proxy[how]()
    writeFileSync(release, '')
    // Its host has run everything that has come there by now.
    await using nearby = cluster.executor()
    await new Held({ executor: nearby }).all(1, (job) => job.pid())
    proxy.heal()
    t.deepEqual(await results, new Array(5).fill(cluster.hosts[0]!.pid))
  })

  test.serial(`a program whose network does not come back is told in time (${how})`, async (t) => {
    await using cluster = await Cluster.start({ hosts: 1 })
    await using proxy = await Proxy.start(cluster.redis.port)
    await using executor = cluster.executor({ connection: proxy.connection, timeout: 500 })
    using folder = new Folder()
    const release = folder.file('release')
    const results = new Held({ executor }).all(5, (job) => job.hold(release))
    await folder.until('release.')
    proxy[how]()
    await t.throwsAsync(results, {
      instanceOf: DecoError,
      message: /^Cannot run Held\.hold: Redis at .* has not answered/,
    })
    t.throws(() => new Held({ executor }).blocking(1, (job) => job.pid()), { message: /has not answered for 500 ms/ })
    writeFileSync(release, '')
    proxy.heal()
  })

  test.serial(
    `a host whose network goes: another one runs its calls, and it serves again when it is back (${how})`,
    async (t) => {
      await using cluster = await Cluster.start({ hosts: 1, host: SOON })
      await using proxy = await Proxy.start(cluster.redis.port)
      const far = await cluster.join({ connection: proxy.connection })
      await using executor = cluster.executor({ batch: 1 })
      using folder = new Folder()
      const release = folder.file('release')
      const job = new Held({ executor })
      const results = job.all(2, (job, i) => job.hold(`${release}${i}`))
      await Promise.all([folder.until('release0.'), folder.until('release1.')])
      proxy[how]()
      for (const i of [0, 1]) writeFileSync(`${release}${i}`, '')
      const near = other(cluster, far.pid)
      t.deepEqual(await results, [near.pid, near.pid])
      proxy.heal()
      await near.close()
      t.deepEqual(await new Held({ executor }).all(1, (job) => job.pid()), [far.pid])
    },
  )
}

for (const how of ['cut', 'silence'] as const)
  test.serial(`a host that is to leave does so, though its network is gone (${how})`, async (t) => {
    await using cluster = await Cluster.start({ hosts: 0, host: SOON })
    await using proxy = await Proxy.start(cluster.redis.port)
    const host = await cluster.join({ connection: proxy.connection })
    await using executor = cluster.executor({ timeout: 1000 })
    using folder = new Folder()
    const results = new Held({ executor }).all(1, (job) => job.hold(folder.file('never')))
    await folder.until('never.')
    proxy[how]()
    await host.close()
    t.is(host.said('closed').length, 1)
    await t.throwsAsync(results, { message: /no host has served the queue/ })
  })

test.serial('a call that two hosts have run is committed once', async (t) => {
  await using cluster = await Cluster.start({ hosts: 2, host: SOON })
  await using executor = cluster.executor()
  using folder = new Folder()
  const release = folder.file('release')
  const list: number[] = []
  const results = new Held({ executor }).all(1, (job) => job.holdAndMark(release, list))
  const [, pid] = (await folder.until('release.')).split('.')
  const first = cluster.hosts.find((host) => host.pid === Number(pid))!
  first.kill('SIGSTOP')
  writeFileSync(release, '')
  const second = other(cluster, first.pid)
  t.deepEqual(await results, [second.pid])
  first.kill('SIGCONT')
  // It says so when it finds that its batch has been given to another one.
  await first.until('error')
  t.regex(first.said('error')[0]!.message, /lock/)
  t.is((await new Held({ executor }).all(20, (job) => job.pid())).length, 20)
  t.deepEqual(list, [second.pid])
})

test.serial(
  'a program that is killed and started again has its results; what it left behind is cleared away',
  async (t) => {
    await using cluster = await Cluster.start({ hosts: 1, host: SOON })
    const client = cluster.client()
    using folder = new Folder()
    const { connection } = cluster.redis
    const start = (name: string, calls: number) => {
      const options = { connection, queue: QUEUE, root: ROOT, batch: 1, file: folder.file(name), calls }
      return spawn(process.execPath, [PRODUCER, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] })
    }
    const first = start('first', 50)
    const gone = once(first, 'exit')
    await folder.until('first.')
    first.kill('SIGKILL')
    await gone
    const [key] = await client.keys(`bull:${QUEUE}:deco:producer:*`)
    t.true((await client.pttl(key!)) > 0)
    const second = start('second', 5)
    const ended = once(second, 'exit')
    const said = text(second.stdout)
    // As if the time were over after which it is taken for dead: its call, of which nobody knows how long it takes, is stopped.
    await client.del(key!)
    await folder.until('second.')
    writeFileSync(folder.file('second'), '')
    t.deepEqual(JSON.parse(await said), new Array(5).fill(cluster.hosts[0]!.pid))
    t.deepEqual(await ended, [0, null])
    t.true(cluster.hosts[0]!.said('dropped').length > 0)
  },
)

test.serial('two programs on one queue have their own results, and turns', async (t) => {
  await using cluster = await Cluster.start({ hosts: 2 })
  await using one = cluster.executor()
  await using two = cluster.executor()
  const numbers = Array.from({ length: 2000 }, (_, i) => i)
  const all = (executor: typeof one, sign: number) =>
    new Held({ executor }).all(numbers.length, (job, i) => job.same(sign * (i + 1)))
  const [plus, minus] = await Promise.all([all(one, 1), all(two, -1)])
  t.deepEqual(
    plus,
    numbers.map((i) => i + 1),
  )
  t.deepEqual(
    minus,
    numbers.map((i) => -i - 1),
  )
})
