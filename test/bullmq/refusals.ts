// What a host refuses to run, and what a program refuses to believe: whoever can write to Redis can send both.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { Queue } from 'bullmq'
import fc from 'fast-check'
import { DecoError, type Executor, RegistrationError } from '../../src/index.js'
import { Held } from '../fixtures/held.js'
import { Cluster, QUEUE } from '../helpers/cluster.js'
import { Folder } from '../helpers/folder.js'
import { runs } from '../helpers/fuzz.js'

const KEY = 'a key of sixteen bytes, and more'

const refuses = async (t: ExecutionContext, executor: Executor, message: RegExp, Class = DecoError) => {
  const error = await t.throwsAsync(
    new Held({ executor }).all(3, (job) => job.pid()),
    { instanceOf: Class, message },
  )
  t.regex(error!.message, /Way out: /)
}

test.serial('a host runs what is signed with its key, and refuses what is not, or with another one', async (t) => {
  await using cluster = await Cluster.start({ hosts: 1, host: { sign: KEY } })
  const [host] = cluster.hosts
  await using signed = cluster.executor({ sign: KEY })
  await using unsigned = cluster.executor()
  await using other = cluster.executor({ sign: `${KEY}!` })
  t.deepEqual(await new Held({ executor: signed }).all(1, (job) => job.pid()), [host!.pid])
  await refuses(t, unsigned, /^Cannot run a batch: the batch is not signed \(host .*\)\. Way out: give the same key/)
  await refuses(
    t,
    other,
    /^Cannot believe what is reported of Held\.pid: the signature of the report is not that of our key/,
  )
  const said = host!.said('refused').map(({ message }) => message)
  t.true(said.some((message) => message.includes('the batch is not signed')))
  t.true(said.some((message) => message.includes('the signature of the batch is not that of our key')))
  t.notRegex(said.join(), new RegExp(KEY))
})

test.serial('a program that has a key does not believe a host that has none', async (t) => {
  await using cluster = await Cluster.start({ hosts: 1 })
  await using executor = cluster.executor({ sign: KEY })
  await refuses(t, executor, /^Cannot believe what is reported of Held\.pid: the report is not signed/)
})

test.serial(
  'a host that has another file in the place of one refuses its calls, naming file and host, and does not touch it',
  async (t) => {
    using folder = new Folder()
    const root = folder.file('root')
    mkdirSync(join(root, 'test/fixtures'), { recursive: true })
    const touched = folder.file('touched')
    const code = `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(touched)}, '')\n`
    writeFileSync(join(root, 'test/fixtures/held.js'), code)
    await using cluster = await Cluster.start({ hosts: 1, host: { root } })
    await using executor = cluster.executor()
    const says =
      /^Cannot run a class of test\/fixtures\/held\.js here: it is another file than where the call was made \(host .*\)\. /
    await refuses(t, executor, says, RegistrationError)
    t.regex(cluster.hosts[0]!.said('refused')[0]!.message, /a batch of Held\.pid: .*held\.js/)
    t.false(existsSync(touched))
  },
)

test.serial('a program whose classes lie outside its root is told so', async (t) => {
  using folder = new Folder()
  await using cluster = await Cluster.start({ hosts: 1 })
  await using executor = cluster.executor({ root: folder.path })
  await refuses(t, executor, /^Cannot use a class of file:.*held\.js on two machines: /, RegistrationError)
})

test.serial('payloads that nobody of us has written are refused, and the host goes on', async (t) => {
  await using cluster = await Cluster.start({ hosts: 1 })
  await using executor = cluster.executor()
  const [host] = cluster.hosts
  const queue = new Queue(QUEUE, { connection: cluster.client() })
  const body = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64'))
  const data = fc.oneof(
    fc.jsonValue(),
    fc.record({ producer: fc.string(), batch: fc.oneof(fc.integer(), fc.string()), calls: fc.integer(), body }),
    fc.record({ producer: fc.string(), batch: fc.nat(), body: body.map((text) => `AA${text}`) }),
  )
  const { numRuns } = runs(300)
  const jobs = fc.sample(data, numRuns).map((data) => ({ name: 'hostile', data }))
  await queue.addBulk(jobs)
  await host!.until('refused', numRuns)
  t.deepEqual(await new Held({ executor }).all(1, (job) => job.pid()), [host!.pid])
  await queue.close()
})
