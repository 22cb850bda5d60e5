// Who takes jobs of plain BullMQ, as a process of its own: see start.mjs. One job is one call. Calls that do nothing wait for Redis
// alone, and many of them do so at once; those that compute could not.

import { Worker } from 'bullmq'
import { functions } from '../../build/bench/work.js'
import { host } from './host.mjs'

const AT_ONCE = { nothing: 100 }

await host(({ connection, queue }) => {
  const concurrency = AT_ONCE[queue] ?? 1
  const worker = new Worker(queue, async ({ name, data }) => functions[name](data), { connection, concurrency })
  worker.on('error', (error) => console.error(error))
  return worker.waitUntilReady()
})
