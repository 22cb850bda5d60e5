// How long calls take while every processor is at work, which is longer than alone: processors share cores, caches, and the machine
// with others.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Starts as many plain workers. `time` has all of them run the whole list at once: how many ms it took, and its longest call. */
export function startBusy(workers) {
  const file = new URL('workers/busy.mjs', import.meta.url)
  const threads = Array.from({ length: workers }, () => {
    const thread = new Worker(file)
    thread.unref()
    return thread
  })
  return {
    time: async (list) => {
      const times = await Promise.all(
        threads.map(async (thread) => {
          thread.postMessage(list)
          const [time] = await once(thread, 'message')
          return time
        }),
      )
      const mean = (of) => times.reduce((sum, time) => sum + time[of], 0) / times.length
      return { sum: mean('sum'), longest: mean('longest') }
    },
  }
}
