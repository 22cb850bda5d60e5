// What becomes of calls when hosts, Redis or producers go. Every wait ends on an event; how long it takes is the cluster's matter.

import { writeFileSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import { DecoError, type Executor, WorkerCrashError } from '../../src/index.js'
import { Held } from '../fixtures/held.js'
import { Cluster } from '../helpers/cluster.js'
import { Folder } from '../helpers/folder.js'

// No third of it is a whole number.
const SOON = { deadAfter: 700, within: 100 }

async function held(
  executor: Executor,
  folder: Folder,
  calls = 1,
): Promise<{ pid: number; results: Promise<unknown[]>; release: () => void }> {
  const release = folder.file('release')
  const job = new Held({ executor })
  const results = job.all(calls, (job, i) => (i === 0 ? job.hold(release) : job.pid()))
  const [, pid] = (await folder.until('release.')).split('.')
  return { pid: Number(pid), results, release: () => writeFileSync(release, '') }
}

const saysDeco = async (t: ExecutionContext, results: Promise<unknown>, message: RegExp) => {
  const error = await t.throwsAsync(results, { instanceOf: DecoError, message })
  t.regex(error!.message, /Way out: /)
}

test.serial('a host that is killed with a call: another one runs it', async (t) => {
  await using cluster = await Cluster.start({ hosts: 2, host: SOON })
  await using executor = cluster.executor()
  using folder = new Folder()
  const { pid, results, release } = await held(executor, folder)
  const host = cluster.hosts.find((host) => host.pid === pid)!
  host.kill('SIGKILL')
  release()
  const [other] = cluster.hosts.filter((other) => other !== host)
  t.deepEqual(await results, [other!.pid])
})

test.serial('a host that is frozen and goes on later: its call has one result, whoever is first', async (t) => {
  await using cluster = await Cluster.start({ hosts: 2, host: SOON })
  await using executor = cluster.executor()
  using folder = new Folder()
  const { pid, results, release } = await held(executor, folder)
  process.kill(pid, 'SIGSTOP')
  release()
  const [other] = cluster.hosts.filter((host) => host.pid !== pid)
  t.deepEqual(await results, [other!.pid])
  process.kill(pid, 'SIGCONT')
  t.is((await new Held({ executor }).all(20, (job) => job.pid())).length, 20)
})

test.serial('a host that is to leave hands back what takes too long', async (t) => {
  await using cluster = await Cluster.start({ hosts: 2, host: { ...SOON, deadAfter: 60_000 } })
  await using executor = cluster.executor()
  using folder = new Folder()
  const { pid, results, release } = await held(executor, folder)
  const host = cluster.hosts.find((host) => host.pid === pid)!
  const [other] = cluster.hosts.filter((other) => other !== host)
  await host.close()
  await folder.until(`release.${other!.pid}`)
  release()
  t.deepEqual(await results, [other!.pid])
})

test.serial('a host that is to leave finishes what is done soon', async (t) => {
  await using cluster = await Cluster.start({ hosts: 1, host: { within: 60_000 } })
  await using executor = cluster.executor()
  using folder = new Folder()
  const { pid, results, release } = await held(executor, folder)
  const left = cluster.hosts[0]!.close()
  release()
  await left
  t.deepEqual(await results, [pid])
})

test.serial('a host that joins while a job runs takes its part', async (t) => {
  await using cluster = await Cluster.start({ hosts: 1 })
  await using executor = cluster.executor({ batch: 1 })
  using folder = new Folder()
  const { results, release } = await held(executor, folder, 2)
  const joined = await cluster.join()
  t.is((await new Held({ executor }).all(1, (job) => job.pid()))[0], joined.pid)
  release()
  t.is((await results)[1], joined.pid)
})

test.serial('calls that kill every host are given up', async (t) => {
  await using cluster = await Cluster.start({ hosts: 5, host: SOON })
  await using executor = cluster.executor()
  const error = await t.throwsAsync(
    new Held({ executor }).all(1, (job) => job.killHost()),
    { instanceOf: WorkerCrashError },
  )
  t.regex(error!.message, /^Cannot finish a batch of Held\.killHost: 4 hosts that ran it have died.*\(host /)
  t.is(cluster.hosts.filter(({ isAlive }) => isAlive).length, 1)
})

for (const durable of [true, false])
  test.serial(`Redis that is started again ${durable ? 'with' : 'without'} its data: all calls end`, async (t) => {
    await using cluster = await Cluster.start({ hosts: 1, host: SOON, durable })
    await using executor = cluster.executor({ batch: 1 })
    using folder = new Folder()
    const { pid, results, release } = await held(executor, folder, 10)
    await cluster.redis.stop()
    await cluster.redis.start()
    release()
    t.deepEqual(await results, new Array(10).fill(pid))
  })

test.serial('a queue that nobody serves: calls fail in time, and say so', async (t) => {
  await using cluster = await Cluster.start({ hosts: 0 })
  await using executor = cluster.executor({ timeout: 300 })
  const says = /^Cannot run Held\.pid: no host has served the queue test at 127\.0\.0\.1:\d+ for 300 ms/
  await saysDeco(
    t,
    new Held({ executor }).all(1, (job) => job.pid()),
    says,
  )
  t.throws(() => new Held({ executor }).blocking(1, (job) => job.pid()), { message: says })
  const host = await cluster.join()
  t.deepEqual(await new Held({ executor }).all(1, (job) => job.pid()), [host.pid])
})

test.serial('a Redis that is not there: calls fail in time, and say so, without the password', async (t) => {
  await using cluster = await Cluster.start({ hosts: 0 })
  const { connection } = cluster.redis
  await cluster.redis.stop()
  await using executor = cluster.executor({ timeout: 300, connection: { ...connection, password: 'hunter2' } })
  const job = new Held({ executor })
  await saysDeco(
    t,
    job.all(1, (job) => job.pid()),
    /^Cannot run Held\.pid: Redis at 127\.0\.0\.1:\d+ has not answered for 300 ms/,
  )
  t.regex(String(job.failures[0]), /ECONNREFUSED/)
  t.notRegex(String(job.failures[0]), /hunter2/)
  await cluster.redis.start()
})

test.serial('a call that is cancelled leaves its host free, wherever it is', async (t) => {
  await using cluster = await Cluster.start({ hosts: 1 })
  await using executor = cluster.executor({ batch: 1 })
  using folder = new Folder()
  const job = new Held({ executor })
  const results = job.all(3, (job) => job.hold(folder.file('never')))
  await folder.until('never.')
  job.cancel()
  t.is(await results.catch((error: DOMException) => error.name), 'AbortError')
  t.deepEqual(await new Held({ executor }).all(1, (job) => job.pid()), [cluster.hosts[0]!.pid])
})

test.serial('a producer that is gone leaves its hosts free', async (t) => {
  await using cluster = await Cluster.start({ hosts: 1 })
  const first = cluster.executor()
  const results = new Held({ executor: first }).all(4, (job) => job.never())
  results.catch(() => {})
  await using second = cluster.executor()
  const pid = new Held({ executor: second }).all(1, (job) => job.pid())
  await first.close()
  await t.throwsAsync(results, { instanceOf: WorkerCrashError, message: /its executor has been closed/ })
  t.deepEqual(await pid, [cluster.hosts[0]!.pid])
})
