// A queue on a node of a Redis Cluster, which refuses commands whose keys lie in different slots.

import test from 'ava'
import { Redis as Client } from 'ioredis'
import { bullmq } from '../../src/bullmq/index.js'
import { shared } from '../../src/index.js'
import { Held } from '../fixtures/held.js'
import { HostProcess, ROOT } from '../helpers/host-process.js'
import { Redis } from '../helpers/redis.js'

test('a queue lives on one node if its prefix says which slot its keys have', async (t) => {
  await using redis = await Redis.start({ cluster: true })
  const { connection } = redis
  const client = new Client(connection)
  await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  while (!(await client.cluster('INFO')).includes('cluster_state:ok')) await client.ping()
  client.disconnect()

  const options = { connection, queue: 'test', prefix: '{climate}', root: ROOT }
  const host = await HostProcess.start({ ...options, concurrency: 1 })
  await using executor = bullmq(options)
  const grid = shared({ values: new Float64Array(10_000).fill(2) })
  t.deepEqual(await new Held({ executor }).all(10, (job) => job.sumOf(grid)), new Array(10).fill(20_000))
  t.deepEqual(await new Held({ executor }).all(1, (job) => job.pid()), [host.pid])
  await host.close()
})
