// The ceiling: two plain workers, or as many as there are processors, each of which runs its part of the list in one go. Nothing
// comes back before the end, and nothing evens out what one part takes longer than another.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export function start(workers) {
  const file = new URL('../workers/batches-by-hand.mjs', import.meta.url)
  const threads = Array.from({ length: workers }, () => new Worker(file))
  return {
    each: async (method, list) => {
      const part = Math.ceil(list.length / workers)
      const parts = threads.map(async (thread, i) => {
        thread.postMessage({ at: i, method, list: list.slice(i * part, (i + 1) * part) })
        const [{ batch }] = await once(thread, 'message')
        return batch
      })
      return (await Promise.all(parts)).flat()
    },
  }
}
