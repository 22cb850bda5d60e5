// The practical limit: plain worker_threads, and a program that cuts its list into batches of 64 itself. A worker has one batch
// to run and one more to go on with.

import { Worker } from 'node:worker_threads'

const size = 64

export function start(workers) {
  const file = new URL('../workers/batches-by-hand.mjs', import.meta.url)
  const threads = Array.from({ length: workers }, () => new Worker(file))
  return {
    each: (method, list, onFirst) =>
      new Promise((resolve) => {
        const results = []
        let sent = 0
        let answered = 0
        for (const thread of threads) {
          thread.removeAllListeners('message')
          thread.on('message', ({ at, batch }) => {
            for (let i = 0; i < batch.length; i++) results[at + i] = batch[i]
            if (at === 0) onFirst?.()
            answered += batch.length
            send(thread)
            if (answered === list.length) resolve(results)
          })
        }
        for (const thread of [...threads, ...threads]) send(thread)

        function send(thread) {
          if (sent >= list.length) return
          thread.postMessage({ at: sent, method, list: list.slice(sent, sent + size) })
          sent += size
        }
      }),
  }
}
