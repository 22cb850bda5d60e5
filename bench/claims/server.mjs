// A server that answers while an async job keeps every worker busy for ten seconds. The client lives in the same process, so
// that its own waiting counts as well.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { Burner } from '../../build/bench/jobs/burner.js'
import { workers } from '../contenders.mjs'
import { quantile } from '../timing.mjs'

export const title = 'Requests during a job'

const callMs = 5

export async function measure(quick) {
  const server = createServer((_, response) => response.end('pong'))
  await once(server.listen(0, 'localhost'), 'listening')
  const url = `http://localhost:${server.address().port}`
  for (let i = 0; i < 20; i++) await ping(url)

  const quiet = []
  for (let i = 0; i < (quick ? 10 : 100); i++) quiet.push(await ping(url))

  let isWorking = true
  const calls = Math.round(((quick ? 500 : 10_000) * workers) / callMs)
  const start = performance.now()
  const work = new Burner().burnAll(calls, callMs).finally(() => {
    isWorking = false
  })
  const busy = []
  while (isWorking) busy.push(await ping(url))
  await work
  const ms = performance.now() - start
  server.close()
  server.closeAllConnections()
  return { calls, ms, quiet, busy }
}

async function ping(url) {
  const begin = performance.now()
  await (await fetch(url)).text()
  const took = performance.now() - begin
  await setTimeout(10)
  return took
}

export function show({ calls, ms, quiet, busy }) {
  const row = (during, times) => {
    const said = (share) => quantile(times, share).toFixed(1)
    return { during, requests: times.length, 'median ms': said(0.5), 'p99 ms': said(0.99), 'slowest ms': said(1) }
  }
  return {
    note: `A job of ${calls.toLocaleString('en')} calls of ${callMs} ms, which ran for ${(ms / 1000).toFixed(1)} s.`,
    rows: [row('no job', quiet), row('a job', busy)],
    figures: [
      {
        what: `requests to a server in the same process while a job of ${(ms / 1000).toFixed(0)} s runs`,
        figure: `median ${quantile(busy, 0.5).toFixed(1)} ms, 99 % within ${quantile(busy, 0.99).toFixed(1)} ms, slowest ${quantile(busy, 1).toFixed(0)} ms`,
      },
    ],
  }
}
