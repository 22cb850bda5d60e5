// A server that answers while an async job keeps every worker busy for ten seconds. The client lives in the same process, so
// that its own waiting counts as well.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { Burner } from '../build/bench/jobs.js'
import { quantile, report } from './report.mjs'

const seconds = 10
const callMs = 5
const server = createServer((_, response) => response.end('pong'))
await once(server.listen(0, 'localhost'), 'listening')
const url = `http://localhost:${server.address().port}`
for (let i = 0; i < 20; i++) await ping()

const quiet = []
for (let i = 0; i < 100; i++) quiet.push(await ping())

let isWorking = true
const calls = Math.round((seconds * 1000 * availableParallelism()) / callMs)
const start = performance.now()
const work = new Burner().burnAll(calls, callMs).finally(() => {
  isWorking = false
})
const busy = []
while (isWorking) busy.push(await ping())
await work
const lasted = (performance.now() - start) / 1000
server.close()
server.closeAllConnections()

report(
  'Requests during a job',
  [row('no job', quiet), row('a job', busy)],
  `A job of ${calls.toLocaleString('en')} calls of ${callMs} ms, which ran for ${lasted.toFixed(1)} s.`,
)

async function ping() {
  const begin = performance.now()
  await (await fetch(url)).text()
  const took = performance.now() - begin
  await setTimeout(10)
  return took
}

function row(during, times) {
  const ms = (share) => quantile(times, share).toFixed(1)
  return { during, requests: times.length, 'median ms': ms(0.5), 'p99 ms': ms(0.99), 'slowest ms': ms(1) }
}
