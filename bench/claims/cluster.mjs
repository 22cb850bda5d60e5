// What a queue of BullMQ on Redis carries: one call a job, as BullMQ's own users write it, beside batches of calls. Two hosts with one
// lane each, on one machine, so that producer, Redis and hosts share its processors.

import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Queue, QueueEvents } from 'bullmq'
import { Calls } from '../../build/bench/jobs/calls.js'
import { digest, nothing } from '../../build/bench/work.js'
import { bullmq } from '../../dist/bullmq/index.js'
import { start as startHalves } from '../contenders/halves-by-hand.mjs'
import { rotated } from '../contenders.mjs'
import { startHosts } from '../hosts/start.mjs'
import { startRedis } from '../redis.mjs'
import { calibrated, check, median, timed } from '../timing.mjs'

export const title = 'A cluster on BullMQ'

const HOSTS = 2
const LENGTH = 200
const ROOT = fileURLToPath(new URL('../../build/', import.meta.url))
const names = {
  'deco-ts': 'deco-ts',
  'deco-ts-blocking': 'deco-ts, blocking',
  bullmq: 'BullMQ, a job a call',
  'bullmq-bulk': 'BullMQ, a job a call, added in one go',
  'halves-by-hand': 'two plain workers of this process, half of the list each',
}

export async function measure(quick) {
  const redis = await startRedis()
  const cheap = Array.from({ length: quick ? 2000 : 400_000 }, (_, n) => n)
  const bytes = calibrated()(LENGTH)
  const long = Array.from({ length: quick ? 50 : 20_000 }, (_, n) => bytes + (n % 16))
  const runs = quick ? 1 : 5
  const data = {
    processors: availableParallelism(),
    nothing: await compare(redis, { method: 'nothing', list: cheap, own: nothing, few: quick ? 50 : 4000, runs }),
    digest: await compare(redis, { method: 'digest', list: long, own: digest, few: quick ? 50 : 2000, runs }),
    batch: await costOfBatch(redis, quick ? 20 : 1000),
  }
  redis.close()
  return data
}

// What a batch costs each of them, in ms of processor time, where every call is one.
async function costOfBatch(redis, calls) {
  const { connection } = redis
  const hosts = await startHosts('deco-ts', HOSTS, { connection, queue: 'deco-batch' })
  const executor = bullmq({ connection, queue: 'deco-batch', root: ROOT, batch: 1 })
  const list = Array.from({ length: calls }, (_, n) => n)
  await new Calls({ executor }).each('nothing', list)
  const usage = async () => [producerUsage(), await redis.usage(), await hosts.usage()]
  const before = await usage()
  await new Calls({ executor }).each('nothing', list)
  const after = await usage()
  await executor.close()
  hosts.close()
  const [producer, server, both] = after.map((used, i) => (used - before[i]) / calls)
  return { producer, redis: server, hosts: both }
}

// Everybody has hosts of their own, which sleep when they have nothing to do.
async function compare(redis, { method, list, own, few, runs }) {
  const { connection } = redis
  const deco = await startHosts('deco-ts', HOSTS, { connection, queue: `deco-${method}` })
  const plain = await startHosts('bullmq', HOSTS, { connection, queue: method })
  const executor = bullmq({ connection, queue: `deco-${method}`, root: ROOT })
  const queue = new Queue(method, { connection })
  const events = new QueueEvents(method, { connection })
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()])
  const results = new Results(events)
  const halves = startHalves(HOSTS)
  const contenders = [
    { file: 'deco-ts', hosts: deco, list, run: (list) => new Calls({ executor }).each(method, list) },
    { file: 'deco-ts-blocking', hosts: deco, list, run: (list) => new Calls({ executor }).eachBlocking(method, list) },
    { file: 'bullmq', hosts: plain, list: list.slice(0, few), run: (list) => oneByOne(queue, results, method, list) },
    {
      file: 'bullmq-bulk',
      hosts: plain,
      list: list.slice(0, few),
      run: (list) => inBulk(queue, results, method, list),
    },
    { file: 'halves-by-hand', list, run: (list) => halves.each(method, list) },
  ]
  const rounds = Object.fromEntries(contenders.map(({ file }) => [file, []]))
  for (let round = -1; round < runs; round++) {
    for (const { file, hosts, list, run } of rotated(contenders, round + 1)) {
      const serial = await timed(() => list.map(own))
      const usage = async () => [producerUsage(), await redis.usage(), (await hosts?.usage()) ?? 0]
      const before = await usage()
      const { ms, result } = await timed(() => run(list))
      const after = await usage()
      check(names[file], [...(Array.isArray(result) ? result : result.values())], serial.result)
      // The first round warms up.
      if (round >= 0 || runs === 1)
        rounds[file].push({ calls: list.length, ms, serial: serial.ms, used: after.map((used, i) => used - before[i]) })
    }
  }
  await executor.close()
  await Promise.all([queue.close(), events.close()])
  deco.close()
  plain.close()
  return rounds
}

const SETTINGS = { removeOnComplete: true }

async function oneByOne(queue, results, method, list) {
  const jobs = await Promise.all(list.map((argument) => queue.add(method, argument, SETTINGS)))
  return results.of(jobs)
}

async function inBulk(queue, results, method, list) {
  const jobs = await queue.addBulk(list.map((data) => ({ name: method, data, opts: SETTINGS })))
  return results.of(jobs)
}

// What came of jobs, as one stream of events tells: asking for each of them, as `waitUntilFinished` does, would cost more.
class Results {
  #values = new Map()
  #news

  constructor(events) {
    events.on('completed', ({ jobId, returnvalue }) => {
      this.#values.set(jobId, returnvalue)
      this.#news?.()
    })
  }

  async of(jobs) {
    await new Promise((resolve) => {
      this.#news = () => this.#values.size >= jobs.length && resolve()
      this.#news()
    })
    const values = jobs.map(({ id }) => Number(this.#values.get(id)))
    this.#values.clear()
    return values
  }
}

function producerUsage() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

export function show({ processors, nothing, digest, batch }) {
  const rate = (rounds) => median(rounds.map(({ calls, ms }) => (calls / ms) * 1000))
  const speedUp = (rounds) => median(rounds.map(({ serial, ms }) => serial / ms))
  const said = (count) => Math.round(count).toLocaleString('en')
  // Of all processor time that was used, and how much of the machine's that was.
  const shares = (rounds) => {
    const part = (i) => median(rounds.map(({ used }) => used[i] / used.reduce((sum, part) => sum + part, 0)))
    const busy = median(rounds.map(({ used, ms }) => used.reduce((sum, part) => sum + part, 0) / ms))
    const percent = (share) => `${Math.round(share * 100)} %`
    const [producer, redis, hosts] = [0, 1, 2].map((i) => percent(part(i)))
    const us = median(rounds.map(({ used, calls }) => ((used[0] + used[1]) * 1000) / calls))
    return {
      producer,
      Redis: redis,
      hosts,
      'processors busy': busy.toFixed(2),
      'producer and Redis': `${us.toFixed(2)} µs a call`,
    }
  }
  const inTable = (claim, column, value) =>
    Object.keys(claim).map((file) => ({ what: names[file], [column]: value(claim[file]), ...shares(claim[file]) }))
  const own = ['deco-ts', 'deco-ts-blocking']
  const plain = Math.max(rate(nothing.bullmq), rate(nothing['bullmq-bulk']))
  const times = own.map((file) => rate(nothing[file]) / plain)
  const ups = own.map((file) => speedUp(digest[file]))
  return {
    note: `${HOSTS} hosts of one lane, the producer and Redis on ${processors} processors. Calls that do nothing, in turns, medians of ${nothing.bullmq.length}: calls a second, and who used the processors.`,
    rows: inTable(nothing, 'calls a second', (rounds) => said(rate(rounds))),
    more: [
      {
        note: `Calls of ${LENGTH} µs, SHA-256: the time of their serial loop, taken right before, over their own.`,
        rows: inTable(digest, 'speed-up', (rounds) => speedUp(rounds).toFixed(2)),
      },
      {
        note: 'What a batch costs, in processor time, where every call is one of its own: the producer with its thread for Redis, Redis, the host.',
        rows: [Object.fromEntries(Object.entries(batch).map(([who, ms]) => [who, `${ms.toFixed(2)} ms`]))],
      },
    ],
    figures: [
      {
        what: 'calls that do nothing through BullMQ on Redis, with two hosts',
        budget: '≥ 20 × plain BullMQ',
        figure: `${own.map((file) => said(rate(nothing[file]))).join(' async, ')} blocking calls a second: ${times.map((ratio) => ratio.toFixed(0)).join(' and ')} ×`,
        isMet: Math.min(...times) >= 20,
        peers: `BullMQ ${said(rate(nothing.bullmq))}, added in one go ${said(rate(nothing['bullmq-bulk']))}`,
      },
      {
        what: `speed-up at ${LENGTH} µs a call on two hosts of one lane each, with the producer and Redis on the same ${processors} processors`,
        budget: '≥ 1.8',
        figure: `${ups.map((ratio) => ratio.toFixed(2)).join(' async, ')} blocking`,
        isMet: Math.min(...ups) >= 1.8,
        peers: `BullMQ ${speedUp(digest.bullmq).toFixed(2)}; what the machine gives at best: ${speedUp(digest['halves-by-hand']).toFixed(2)}`,
      },
    ],
  }
}
