// An endless loop is cancelled: how long until the job's promise rejects, until the worker is gone, and until another worker has
// run a call.

import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { Steady } from '../../build/bench/jobs/steady.js'
import { threads } from '../../dist/index.js'
import { quantile } from '../timing.mjs'

export const title = 'Cancellation'

export async function measure(quick) {
  const times = quick ? 3 : 200
  let worker
  subscribe('worker_threads', (started) => {
    worker = started.worker
  })
  const executor = threads({ workers: 1 })
  const rejected = []
  const stopped = []
  const next = []
  for (let i = 0; i < times; i++) {
    const job = new Steady({ executor })
    const flag = new Int32Array(new SharedArrayBuffer(4))
    job.loop(flag)
    while (Atomics.load(flag, 0) === 0) await setImmediate()
    const gone = once(worker, 'exit').then(() => performance.now())
    const waiting = job.wait().catch(() => performance.now())
    const start = performance.now()
    job.cancel(new Error('enough'))
    rejected.push((await waiting) - start)
    const other = new Steady({ executor })
    other.results.set(0, other.nothing(i))
    await other.wait()
    next.push(performance.now() - start)
    stopped.push((await gone) - start)
  }
  await executor.close()
  return { times, rejected, stopped, next }
}

export function show({ times, rejected, stopped, next }) {
  const row = (what, values) => {
    const ms = (share) => quantile(values, share).toFixed(1)
    return { what, 'median ms': ms(0.5), 'p99 ms': ms(0.99), 'longest ms': ms(1) }
  }
  const worst = quantile(stopped, 0.99)
  return {
    note: `${times} endless loops, one after the other, each cancelled while it runs. A call that is cancelled is given 30 ms to end by itself; then its worker is stopped, and another one is started for the next call.`,
    rows: [
      row('wait() rejects', rejected),
      row('the worker is gone', stopped),
      row('a call of another job has run, on a new worker', next),
    ],
    figures: [
      {
        what: 'an endless loop is cancelled: until its worker is stopped, 99th percentile',
        budget: '≤ 100 ms',
        figure: `${worst.toFixed(0)} ms, median ${quantile(stopped, 0.5).toFixed(0)} ms`,
        isMet: worst <= 100,
      },
    ],
  }
}
