// What a host refuses to run, and what a program refuses to believe: whoever can write to Redis can send both.

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { Queue } from 'bullmq'
import fc from 'fast-check'
import { Seal } from '../../src/bullmq/wire/seal.js'
import { DecoError, type Executor, RegistrationError } from '../../src/index.js'
import { Held } from '../fixtures/held.js'
import { Cluster, QUEUE } from '../helpers/cluster.js'
import { Folder } from '../helpers/folder.js'
import { Forger } from '../helpers/forger.js'
import { runs } from '../helpers/fuzz.js'
import { type HostProcess, ROOT } from '../helpers/host-process.js'

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

/** A cluster without hosts, a batch that was caught in its queue, and a folder below the root of its hosts. */
async function attacked(call: (job: Held) => unknown, sign?: string) {
  const cluster = await Cluster.start({ hosts: 0 })
  const executor = cluster.executor(sign === undefined ? {} : { sign })
  const forger = await Forger.catch(cluster, executor, call, sign)
  const folder = mkdtempSync(join(ROOT, 'hostile-'))
  return {
    ...{ cluster, executor, forger, folder },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true })
      await forger.queue.close()
      await executor.close()
      await cluster.close()
    },
  }
}

const serves = async (t: ExecutionContext, executor: Executor, host: HostProcess) =>
  t.deepEqual(await new Held({ executor }).all(1, (job) => job.pid()), [host.pid])

test.serial('a host imports nothing that lies outside its root, however it is called', async (t) => {
  using outside = new Folder()
  const mark = join(outside.path, 'mark')
  const code = `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(mark)}, '')\n`
  const secret = join(outside.path, 'secret.mjs')
  writeFileSync(secret, code)
  await using attack = await attacked((job) => job.pid())
  const { cluster, forger, folder, executor } = attack
  const inside = basename(folder)
  symlinkSync(secret, join(folder, 'link.mjs'))
  symlinkSync(outside.path, join(folder, 'out'))
  writeFileSync(join(folder, 'other.mjs'), `${code}// other`)
  const up = relative(ROOT, secret)
  const paths = [
    ...[up, `${inside}/link.mjs`, `${inside}/out/secret.mjs`, `${inside}/../${up}`, `${inside}/other.mjs`],
    ...[up.replaceAll('..', '%2e%2e'), up.replaceAll('/', '%2f'), up.replaceAll('/', '\\'), `${inside}/link.mjs%00`],
    ...[
      `${inside}/link.mjs\0`,
      secret,
      `//${secret}`,
      pathToFileURL(secret).href,
      `C:${secret}`,
      inside,
      '',
      '.',
      '..',
    ],
    ...[
      `data:text/javascript,${encodeURIComponent(code)}`,
      'http://127.0.0.1:1/secret.mjs',
      'https://example.org/a.mjs',
    ],
    ...[
      'node:child_process',
      'node:fs',
      'file:',
      '\u2025/secret.mjs',
      '~/secret.mjs',
      `${inside}/link.mjs?`,
      '__proto__',
    ],
  ]
  const fingerprint = createHash('sha256').update(code).digest()
  const host = await cluster.join()
  await forger.send(...paths.map((path) => forger.body({}, () => ({ path, fingerprint }))))
  await host.until('refused', paths.length)
  for (const { message } of host.said('refused'))
    t.regex(message, /^a batch of forged: Cannot run a class of .* here: /)
  await serves(t, executor, host)
  t.false(existsSync(mark))
})

test.serial('a host runs no method that is not registered, and nothing but methods that are', async (t) => {
  using outside = new Folder()
  await using attack = await attacked((job) => job.hold(join(outside.path, 'mark')))
  const { cluster, forger, executor } = attack
  const route = forger.message.routes[0]!
  const methods = ['all', 'blocking', 'wait', 'constructor', '__proto__', 'toString', 'results', 'nowhere', 'pid']
  const forged = [
    ...methods.map((method) => ({ ...route, method: { ...route.method, method } })),
    ...[1, 99, 2 ** 40].map((position) => ({ ...route, method: { ...route.method, position } })),
    { ...route, method: { ...route.method, module: undefined } },
    { ...route, method: { ...route.method, fingerprint: 1 } },
  ]
  const host = await cluster.join()
  await forger.send(...forged.map((route) => forger.body({ routes: [route] })))
  await host.until('refused', forged.length)
  for (const { message } of host.said('refused')) t.regex(message, /^a call of Held\.hold: Cannot /)
  await serves(t, executor, host)
  t.deepEqual(readdirSync(outside.path), [])
})

test.serial('a signed batch of which one bit is changed is refused; the same batch again is not', async (t) => {
  using outside = new Folder()
  const release = join(outside.path, 'release')
  await using attack = await attacked((job) => job.hold(release), KEY)
  const { cluster, forger, executor } = attack
  const sealed = Buffer.from(forger.seen.body, 'base64')
  const flipped = [...sealed.keys()].map((at) => {
    const bytes = Buffer.from(sealed)
    bytes[at]! ^= 1 << (at % 8)
    return bytes
  })
  const message = sealed.subarray(33)
  const others = [
    ...[sealed.subarray(0, -1), Buffer.concat([sealed, Buffer.of(0)]), sealed.subarray(0, 20), Buffer.alloc(0)],
    // As if nobody had signed it; signed for another queue, with another key, and as another kind of message.
    Buffer.concat([Buffer.of(0), message]),
    new Seal('other', KEY).close('batch', message),
    new Seal(QUEUE, `${KEY}!`).close('batch', message),
    new Seal(QUEUE, KEY).close('report', message),
  ]
  const host = await cluster.join({ sign: KEY })
  await forger.send(...[...flipped, ...others].map((bytes) => bytes.toString('base64')))
  await host.until('refused', flipped.length + others.length)
  for (const { message } of host.said('refused'))
    t.regex(message, /^a batch of forged: Cannot (run a batch: the|read a message from Redis: it is sealed)/)
  await serves(t, executor, host)
  t.deepEqual(readdirSync(outside.path), [])
  // Whoever can write to Redis can have a call run again that its producer made, as a host that dies can.
  writeFileSync(release, '')
  await forger.send(forger.seen.body)
  t.is(await outside.until('release.'), `release.${host.pid}`)
})

test.serial('10,000 payloads that nobody of us has written are refused, and run nothing', async (t) => {
  using outside = new Folder()
  const mark = join(outside.path, 'mark')
  await using attack = await attacked((job) => job.hold(mark), KEY)
  const { cluster, forger, executor } = attack
  // It has no key, and looks into what it reads: what is forged below is refused for what it says.
  const trusting = await cluster.join({ queue: `${QUEUE}-trusting` })
  const host = await cluster.join({ sign: KEY })
  const count = runs(10_000).numRuns / 4
  const sealed = Buffer.from(forger.seen.body, 'base64')
  const body = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64'))
  const random = fc.oneof(
    fc.jsonValue(),
    fc.record({ producer: fc.string(), batch: fc.oneof(fc.integer(), fc.string()), calls: fc.integer(), body }),
    fc.record({ producer: fc.string(), batch: fc.nat(), body: body.map((text) => `AA${text}`) }),
  )
  const sample = <T>(arbitrary: fc.Arbitrary<T>) => fc.sample(arbitrary, { ...runs(1), numRuns: count })
  await forger.sendAny(sample(random))
  await forger.send(...sample(mutated(sealed)).map((bytes) => bytes.toString('base64')))
  await host.until('refused', 2 * count)
  // A change of a number or a text may leave it as good as before: its method is one that cannot be found there.
  const { method, ...route } = forger.message.routes[0]!
  const lost = forger.message.routes.map(() => ({
    ...route,
    method: { ...method, fingerprint: method.fingerprint ^ 1 },
  }))
  const plain = Buffer.from(forger.body({ routes: lost }), 'base64').subarray(33)
  const naive = new Queue<unknown>(`${QUEUE}-trusting`, { connection: cluster.client() })
  const unsigned = sample(mutated(plain)).map((bytes) => Buffer.concat([Buffer.of(0), bytes]).toString('base64'))
  await naive.addBulk(
    [...sample(random), ...unsigned.map((body) => ({ ...forger.seen, body }))].map((data) => ({
      name: 'forged',
      data,
    })),
  )
  // One whose producer's name is changed is dropped.
  await trusting.untilAny(['refused', 'dropped'], 2 * count)
  t.true(trusting.said('dropped').length < count)
  await naive.close()
  for (const { message } of [...host.said('refused'), ...trusting.said('refused')]) t.regex(message, /: Cannot /)
  await serves(t, executor, host)
  await using plainly = cluster.executor({ queue: `${QUEUE}-trusting` })
  await serves(t, plainly, trusting)
  t.deepEqual(readdirSync(outside.path), [])
})

test.serial('what nobody of us has written on the channel of cancelled calls is refused', async (t) => {
  await using cluster = await Cluster.start({ hosts: 1 })
  await using executor = cluster.executor()
  const client = cluster.client()
  const messages = fc.sample(fc.uint8Array({ maxLength: 100 }), runs(200)).map((bytes) => Buffer.from(bytes))
  for (const message of messages) await client.publish(`bull:${QUEUE}:deco:cancels`, message)
  const [host] = cluster.hosts
  await host!.until('refused', messages.length)
  await serves(t, executor, host!)
})

test.serial('a program that is told nonsense fails with an error that says so, and goes on', async (t) => {
  await using cluster = await Cluster.start({ hosts: 1 })
  await using executor = cluster.executor()
  using folder = new Folder()
  const client = cluster.client()
  const nonsense = fc.sample(fc.uint8Array({ maxLength: 100 }), runs(20)).map((bytes) => Buffer.from(bytes))
  // Of hosts, too, it is told what is none.
  await client.sadd(`bull:${QUEUE}:deco:hosts`, 'nobody', 'somebody')
  await client.set(`bull:${QUEUE}:deco:host:nobody`, 'many')
  await client.set(`bull:${QUEUE}:deco:host:somebody`, '1e300')
  for (const [i, report] of nonsense.entries()) {
    const results = new Held({ executor }).all(1, (job) => job.hold(folder.file(`${i}`)))
    await folder.until(`${i}.`)
    const [stream] = await client.keys(`bull:${QUEUE}:deco:reports:*`)
    const key = stream ?? (await client.keys(`bull:${QUEUE}:deco:producer:*`))[0]!.replace(':producer:', ':reports:')
    await client.xadd(key, '*', 'x', 'y')
    await client.xadd(key, '*', 'batch', 'nonsense', 'report', report)
    await client.xadd(key, '*', 'batch', String(i + 1), 'report', report)
    const error = await t.throwsAsync(results, {
      instanceOf: DecoError,
      message: /^Cannot read a message from Redis: /,
    })
    t.regex(error!.message, /Way out: /)
    writeFileSync(folder.file(`${i}`), '')
  }
  await serves(t, executor, cluster.hosts[0]!)
})

/** Bytes of which some are changed, missing, doubled or added. */
function mutated(valid: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat(valid.length - 1)
  return fc.oneof(
    fc.array(fc.tuple(place, fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 }).map((changes) => {
      const bytes = Buffer.from(valid)
      for (const [at, change] of changes) bytes[at]! ^= change
      // Two changes may have undone each other.
      return bytes.equals(valid) ? bytes.subarray(1) : bytes
    }),
    place.map((at) => valid.subarray(0, at)),
    place.map((at) => Buffer.concat([valid.subarray(0, at), valid.subarray(at + 1)])),
    fc
      .tuple(place, place)
      .map(([from, to]) => Buffer.concat([valid.subarray(0, from + 1), valid.subarray(Math.min(to, from))])),
    fc
      .tuple(place, fc.uint8Array({ minLength: 1, maxLength: 8 }))
      .map(([at, more]) => Buffer.concat([valid.subarray(0, at), more, valid.subarray(at)])),
  )
}

test.serial('objects in Redis that are not those that were stored, or too long, are refused', async (t) => {
  await using cluster = await Cluster.start({ hosts: 0 })
  await using executor = cluster.executor()
  const client = cluster.client()
  const units = () => client.keys(`bull:${QUEUE}:deco:unit:*`)
  const values = new Float64Array(100_000)
  const call = async () => {
    const results = new Held({ executor }).all(1, (job) => job.sumOf({ values: values.map(Math.random) }))
    results.catch(() => {})
    let [key] = await units()
    while (key === undefined) [key] = await units()
    return { results, key }
  }
  const changed = await call()
  await client.set(changed.key, Buffer.concat([Buffer.alloc(100), randomBytes(1000)]))
  const host = await cluster.join()
  await t.throwsAsync(changed.results, { message: /objects are not those that were sent: their hash differs/ })
  await host.close()
  const long = await call()
  // Redis makes it that long.
  await client.setrange(long.key, 2 ** 28 + 100, 'x')
  const other = await cluster.join()
  await t.throwsAsync(long.results, {
    message: /^Cannot take in objects of 268435557 bytes: the most is 268435456 \(host /,
  })
  t.is(other.said('refused').length, 1)
  await serves(t, executor, other)
})
