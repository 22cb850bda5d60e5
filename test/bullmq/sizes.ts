// What is too long for Redis, or for one message of it: refused before memory is spent, or sent in parts.

import { join } from 'node:path'
import test from 'ava'
import { DecoError, SerializationError } from '../../src/index.js'
import { Held } from '../fixtures/held.js'
import { Cluster, QUEUE } from '../helpers/cluster.js'
import { ROOT } from '../helpers/host-process.js'
import { Outside } from '../helpers/outside.js'

const GIGABYTE = 2 ** 30
const TEXT = 'x'.repeat(2 ** 27)

const cluster = await Cluster.start({ hosts: 1 })
const executor = cluster.executor()
const [host] = cluster.hosts

test.after.always(async () => {
  await executor.close()
  await cluster.close()
})

const memory = () => process.memoryUsage().rss
const pids = (count: number) => new Array<number>(count).fill(host!.pid)

test.serial('a gigabyte is refused where the call is made, by its path, and nothing is made of it', async (t) => {
  const values = new Float64Array(GIGABYTE / 8)
  const before = memory()
  const job = new Held({ executor })
  const error = await t.throwsAsync(
    job.all(1, (job) => job.sumOf({ values })),
    { instanceOf: SerializationError },
  )
  t.is(
    error!.message,
    'Cannot copy argument 0 of Held.sumOf, at .values.buffer: memory of 1073741824 bytes cannot cross to a worker. Way out: pass it ' +
      'in parts, or where to find it.',
  )
  t.true(memory() - before < GIGABYTE / 4)
})

test.serial('texts that are too long together are refused, as an argument and within one', async (t) => {
  for (const call of [(job: Held) => job.lengthOf(TEXT), (job: Held) => job.lengthOf([TEXT, TEXT, TEXT])]) {
    const error = await t.throwsAsync(new Held({ executor }).all(1, call), {
      instanceOf: SerializationError,
      message:
        /^Cannot send what Held\.lengthOf is given to another machine: it takes \d+ bytes, and the most is \d+\. /,
    })
    t.regex(error!.message, /Way out: /)
  }
  t.deepEqual(await new Held({ executor }).all(1, (job) => job.pid()), pids(1))
})

test.serial('a result of a gigabyte is refused on its host, which goes on', async (t) => {
  for (const kind of ['bytes', 'text', 'texts'] as const) {
    const error = await t.throwsAsync(
      new Held({ executor }).all(2, (job, i) => (i === 1 ? job.long(kind) : job.pid())),
      { instanceOf: DecoError },
    )
    t.regex(error!.message, /^Cannot (copy|send) .* bytes.* Way out: /, kind)
  }
  t.deepEqual(await new Held({ executor }).all(1, (job) => job.pid()), pids(1))
  t.true(host!.isAlive)
})

test.serial('what is too long for one message goes and comes in several', async (t) => {
  const texts = Array.from({ length: 40 }, (_, i) => String(i % 10).repeat(2 ** 21))
  const lengths = await new Held({ executor }).all(40, (job, i) => job.lengthOf(texts[i]!))
  t.deepEqual(lengths, new Array(40).fill(2 ** 21))
  t.deepEqual(await new Held({ executor }).all(40, (job, i) => job.same(texts[i]!)), texts)
  const objects = texts.map((text) => ({ text }))
  t.deepEqual(await new Held({ executor }).all(40, (job, i) => job.same(objects[i]!)), objects)
})

test.serial('what one call cannot be sent with is its error, and those before it are committed', async (t) => {
  const root = join(ROOT, 'test/fixtures')
  await using apart = await Cluster.start({ hosts: 1, host: { root } })
  await using other = apart.executor({ batch: 16, root })
  for (const at of [0, 5, 15]) {
    const job = new Held({ executor: other })
    const given = Array.from({ length: 16 }, () => [] as number[])
    const error = await t.throwsAsync(
      job.all(16, (job, i) => job.mark(given[i]!, i === at ? new Outside() : null)),
      { message: /^Cannot use a class of file:.*outside.* on two machines: / },
    )
    t.regex(error!.message, /Way out: /)
    t.deepEqual(
      given,
      given.map((_, i) => (i < at ? [1] : [])),
    )
  }
  t.deepEqual(await new Held({ executor: other }).all(1, (job) => job.pid()), [apart.hosts[0]!.pid])
})

test.serial('units that are stored have an end', async (t) => {
  const client = cluster.client()
  const values = new Float64Array(10_000)
  await new Held({ executor }).all(2, (job) => job.sumOf({ values }))
  for (const key of await client.keys(`bull:${QUEUE}:deco:*`))
    if (!key.endsWith(':hosts')) t.true((await client.pttl(key)) > 0, key)
})
