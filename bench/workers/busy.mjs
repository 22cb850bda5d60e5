import { parentPort } from 'node:worker_threads'
import { digest } from '../../build/bench/work.js'

parentPort.on('message', (list) => {
  let sum = 0
  let longest = 0
  for (const bytes of list) {
    const start = performance.now()
    digest(bytes)
    const ms = performance.now() - start
    sum += ms
    longest = Math.max(longest, ms)
  }
  parentPort.postMessage({ sum, longest })
})
