// What batches refer to: stored once, fetched once by each host, and stored again where Redis has lost it.

import test from 'ava'
import type { Redis as Client } from 'ioredis'
import { SerializationError, shared } from '../../src/index.js'
import { Held } from '../fixtures/held.js'
import { Cluster, QUEUE } from '../helpers/cluster.js'

const stored = (client: Client) => client.keys(`bull:${QUEUE}:deco:unit:*`)
const gridOf = (length: number) => ({ values: new Float64Array(length).fill(0.5) })

test.serial(
  'a shared value, and an argument that is passed again and again, are stored once, and fetched once by a host',
  async (t) => {
    await using cluster = await Cluster.start({ hosts: 1 })
    const client = cluster.client()
    for (const grid of [shared(gridOf(10_000)), gridOf(20_000)]) {
      await using executor = cluster.executor({ batch: 1 })
      const before = await commandsOf(client)
      const sums = await new Held({ executor }).all(40, (job) => job.sumOf(grid))
      const after = await commandsOf(client)
      t.deepEqual(sums, new Array(40).fill(grid.values.length / 2))
      t.is((await stored(client)).length, grid.values.length / 10_000)
      t.is(after - before, 1)
    }
  },
)

test.serial('what Redis has lost is stored again', async (t) => {
  await using cluster = await Cluster.start({ hosts: 1 })
  await using executor = cluster.executor()
  const client = cluster.client()
  const grid = shared(gridOf(10_000))
  await new Held({ executor }).all(4, (job) => job.sumOf(grid))
  const keys = await stored(client)
  t.is(keys.length, 1)
  await client.del(...keys)
  await cluster.hosts[0]!.close()
  await cluster.join()
  t.deepEqual(await new Held({ executor }).all(4, (job) => job.sumOf(grid)), new Array(4).fill(5000))
  t.deepEqual(await stored(client), keys)
})

test.serial('what one call alone sees is gone from Redis when it is done', async (t) => {
  await using cluster = await Cluster.start({ hosts: 1 })
  await using executor = cluster.executor()
  const client = cluster.client()
  t.deepEqual(
    await new Held({ executor }).all(3, (job, i) => job.sumOf(gridOf(20_000 + i))),
    [10_000, 10_000.5, 10_001],
  )
  await executor.close()
  t.deepEqual(await stored(client), [])
})

for (const hosts of [1, 2])
  test.serial(`writing to a shared value is an error, wherever it was done (${hosts} hosts)`, async (t) => {
    await using cluster = await Cluster.start({ hosts })
    await using executor = cluster.executor({ batch: 2 })
    const grid = shared(gridOf(100))
    await t.throwsAsync(
      new Held({ executor }).all(6, (job, i) => (i === 3 ? job.spoil(grid) : job.sumOf(grid))),
      { instanceOf: SerializationError, message: /^Cannot write to a shared value/ },
    )
    t.deepEqual(await new Held({ executor }).all(6, (job) => job.sumOf(grid)), new Array(6).fill(50))
  })

// How often somebody has asked Redis for the length of a value: a host does before it fetches it.
async function commandsOf(client: Client): Promise<number> {
  const [, calls] = /cmdstat_strlen:calls=(\d+)/.exec(await client.info('commandstats')) ?? []
  return Number(calls ?? 0)
}
