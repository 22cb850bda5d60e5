// Chaos in a cluster: 20,000 calls of four jobs on three hosts and one Redis, while hosts are killed, frozen, told to leave and started
// again, and Redis is killed and started again once. Every result is right, and committed once. `CHAOS_SEED` repeats what is done to
// whom, `CHAOS_CALLS` makes it shorter or longer.

import assert from 'node:assert/strict'
import { Clustered, digestOf } from '../fixtures/clustered.js'
import { Cluster } from '../helpers/cluster.js'
import type { HostProcess } from '../helpers/host-process.js'

const HOSTS = 3
const JOBS = 4
const CALLS = Number(process.env.CHAOS_CALLS ?? 20_000) / JOBS
const PHASE = 125
// After so many phases something is done to a host.
const PEACE = 4
const LONGEST = 170_000

const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31))
console.log(`CHAOS_SEED=${seed}`)
const random = randomFrom(seed)
const start = performance.now()

const cluster = await Cluster.start({ hosts: HOSTS, durable: true, host: { deadAfter: 1000, within: 500 } })
const executor = cluster.executor()
const counts = { killed: 0, frozen: 0, left: 0, restarts: 0 }
let phases = 0
const all = (JOBS * CALLS) / PHASE
let frozen: HostProcess | undefined
let fate: Promise<void> = Promise.resolve()

// It hangs, or is too slow: whatever was started goes with it.
const late = setTimeout(async () => {
  console.error(`${phases} of ${all} phases in ${LONGEST} ms, ${JSON.stringify(counts)}`)
  thaw()
  await Promise.race([cluster.close(), new Promise((resolve) => setTimeout(resolve, 5000))])
  for (const host of cluster.hosts) if (host.isAlive) host.kill('SIGKILL')
  process.exit(1)
}, LONGEST)

function thaw(): void {
  if (frozen?.isAlive) frozen.kill('SIGCONT')
  frozen = undefined
}

// One after the other: a host is started for each that is gone.
async function strike(): Promise<void> {
  thaw()
  if (counts.restarts === 0 && phases >= all / 2) {
    counts.restarts++
    await cluster.redis.stop()
    await cluster.redis.start()
    return
  }
  const alive = cluster.hosts.filter(({ isAlive }) => isAlive)
  const host = alive[Math.floor(random() * alive.length)]!
  switch (Math.floor(random() * 3)) {
    case 0:
      counts.killed++
      host.kill('SIGKILL')
      await host.gone
      break
    case 1:
      counts.left++
      await host.close()
      break
    default:
      counts.frozen++
      frozen = host
      host.kill('SIGSTOP')
      return
  }
  await cluster.join()
}

async function run(): Promise<void> {
  const job = new Clustered({ executor })
  for (let from = 0; from < CALLS; from += PHASE) {
    const calls = Array.from({ length: PHASE }, (_, i) => from + i)
    const given = new Map(calls.filter((call) => call % 10 === 0).map((call) => [call, [] as number[]]))
    await job.phase(calls, (call) => given.get(call))
    for (const call of calls) assert.equal(job.results.get(call), digestOf(call))
    for (const [call, into] of given) assert.deepEqual(into, [call], `call ${call} is committed once`)
    if (++phases % PEACE === 0) fate = fate.then(strike)
  }
  assert.equal(job.results.size, CALLS)
  assert.equal(job.pending, 0)
}

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

try {
  await Promise.all(Array.from({ length: JOBS }, run))
  await fate
  assert.equal(counts.restarts, 1)
} finally {
  thaw()
  await executor.close()
  await cluster.close()
  clearTimeout(late)
}
const { killed, frozen: froze, left } = counts
console.log(
  `${JOBS * CALLS} calls in ${phases} phases on ${HOSTS} hosts: all right, each committed once. ${killed} hosts killed, ${froze} frozen, ` +
    `${left} told to leave, Redis killed once; ${((performance.now() - start) / 1000).toFixed(0)} s`,
)
