// Bull Board on the queue of a cluster: the batches that wait and run, and those that failed. It only looks on.

import { once } from 'node:events'
import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import { Queue } from 'bullmq'
import express from 'express'

/** Starts it on this machine alone: it knows no users. `port` 0 takes any that is free. */
export async function startDashboard({ redis, queue: name, prefix = 'bull', port = 0 }) {
  const queue = new Queue(name, { connection: { url: redis }, prefix })
  const adapter = new ExpressAdapter()
  createBullBoard({ queues: [new BullMQAdapter(queue, { readOnlyMode: true })], serverAdapter: adapter })
  const server = express().use(adapter.getRouter()).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await queue.close()
    },
  }
}
