// Every call of its pool is told of every event of every other: the program keeps no more than a few in the queue.

import { Pool, spawn, Worker } from 'threads'

const most = 64

export function start(workers) {
  const pool = Pool(() => spawn(new Worker('../workers/threads.mjs')), workers)
  const each = async (method, list, onFirst) => {
    const results = []
    let next = 0
    const lane = async () => {
      while (next < list.length) {
        const i = next++
        results[i] = await pool.queue((thread) => thread[method](list[i]))
        if (i === 0) onFirst?.()
      }
    }
    await Promise.all(Array.from({ length: most }, lane))
    return results
  }
  return { each }
}
