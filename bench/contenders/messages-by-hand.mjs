// Plain worker_threads, a message a call; workers take turns.

import { Worker } from 'node:worker_threads'
import { each } from './each.mjs'

export function start(workers) {
  const waiting = new Map()
  const threads = Array.from({ length: workers }, () => {
    const thread = new Worker(new URL('../workers/messages-by-hand.mjs', import.meta.url))
    return thread.on('message', ({ id, result }) => {
      waiting.get(id)(result)
      waiting.delete(id)
    })
  })
  let id = 0
  const call = (method, argument) =>
    new Promise((resolve) => {
      waiting.set(++id, resolve)
      threads[id % workers].postMessage({ id, method, argument })
    })
  return { each: each(call) }
}
