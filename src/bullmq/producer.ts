import { randomUUID } from 'node:crypto'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { DecoError } from '../errors.js'
import { encodeFailure } from '../worker/failure.js'
import type { FromBridge, ProducerOptions, ToBridge } from './bridge-messages.js'
import { connect, placeOf } from './connect.js'
import { Contents } from './contents.js'
import { Keys } from './keys.js'
import { ModuleRoot } from './module-root.js'
import { type Arrived, ReportStream } from './reports.js'
import { packBatch } from './wire/batch.js'
import { unpackReport } from './wire/report.js'
import { Seal } from './wire/seal.js'

// A look at everything that no message tells, in ms.
const LOOK_EVERY = 5000
// A producer of which nothing is heard for so long, in ms, is taken for dead.
const ALIVE = 30_000
// Units stay in Redis for so long after their last use, in ms; a use is told to Redis so often.
const KEEP = 3_600_000
const REFRESH = 600_000
// A batch that is in the hands of Redis cannot be missing there sooner, in ms.
const SETTLED = 2000

interface Outstanding {
  readonly jobId: string
  readonly name: string
  readonly calls: number
  readonly unitIds: readonly number[]
  /** Units that no other batch will name. */
  readonly passing: readonly string[]
  readonly since: number
  /** Calls that nobody waits for. */
  readonly cancelled: Set<number>
  isMissing: boolean
}

/** The Redis side of an executor: puts batches into the queue, and hands on what hosts report. */
export class Producer {
  readonly #id = randomUUID()
  readonly #options: ProducerOptions
  readonly #tell: (message: FromBridge) => void
  readonly #root: ModuleRoot
  readonly #keys: Keys
  readonly #seal: Seal
  readonly #contents: Contents
  readonly #redis: Redis
  readonly #reports: ReportStream
  readonly #queue: Queue
  readonly #outstanding = new Map<number, Outstanding>()
  readonly #stored = new Map<string, number>()
  readonly #look: NodeJS.Timeout
  #isLooking = false
  // When Redis was told last that this producer lives.
  #aliveAt = Number.NEGATIVE_INFINITY
  #lanes = 0
  #attempts = 0
  // When Redis, and a host, were there last.
  #heardAt = performance.now()
  #servedAt = performance.now()
  #lastError: Error | undefined

  constructor(options: ProducerOptions, tell: (message: FromBridge) => void) {
    const { connection, prefix, queue, sign, root } = options
    this.#options = options
    this.#tell = tell
    this.#root = new ModuleRoot(root, 'bullmq({ root })')
    this.#keys = new Keys(prefix, queue)
    this.#seal = new Seal(queue, sign)
    this.#contents = new Contents((url) => this.#root.nameOf(url))
    const noteError = (error: Error) => {
      this.#lastError = error
    }
    this.#redis = connect(connection, noteError)
    // It may have come back without its memory.
    this.#redis.on('connect', () => {
      this.#aliveAt = Number.NEGATIVE_INFINITY
    })
    this.#queue = new Queue(queue, { connection: this.#redis, prefix })
    this.#queue.on('error', noteError)
    this.#reports = new ReportStream(connect(connection, noteError), this.#keys.reports(this.#id), (arrived) =>
      this.#take(arrived),
    )
    this.#look = setInterval(() => void this.#lookAround(), LOOK_EVERY)
    void this.#lookAround()
  }

  receive(message: ToBridge): void {
    if ('batch' in message) {
      const { batch, content, isAnew } = message
      void this.#publish(batch, content, isAnew)
    } else if ('cancel' in message) this.#cancel(message.cancel, message.calls)
  }

  /** Takes back what nobody waits for any more, as far as that goes without delay, and lets go of Redis. */
  async close(): Promise<void> {
    clearInterval(this.#look)
    this.#reports.close()
    const left = [...this.#outstanding.values()]
    this.#outstanding.clear()
    if (this.#redis.status === 'ready') {
      const goodbye = Promise.allSettled([
        this.#redis.publish(this.#keys.cancels, this.#closeCancel(null, [])),
        this.#redis.del(this.#keys.producer(this.#id), this.#keys.reports(this.#id)),
        ...left.map(({ jobId }) => this.#queue.remove(jobId)),
      ])
      const patience = new Promise((resolve) => setTimeout(resolve, 1000).unref())
      await Promise.race([goodbye, patience])
    }
    this.#redis.disconnect()
  }

  async #publish(number: number, content: Parameters<Contents['complete']>[0], isAnew: boolean): Promise<void> {
    try {
      if (isAnew) this.#contents.clear()
      const { message, unitIds, stored } = this.#contents.complete(content)
      const keysOf = (units: readonly { hash: Buffer }[]) => units.map(({ hash }) => this.#keys.unit(hash))
      const bytes = packBatch({ ...message, producer: this.#id, number }, (url) => this.#root.nameOf(url))
      const body = this.#seal.close('batch', bytes).toString('base64')
      const { name } = message.routes[0]!
      // Another attempt is another job: of the first one something may be left.
      const jobId = `${this.#id}-${number}-${++this.#attempts}`
      this.#outstanding.set(number, {
        ...{
          jobId,
          name,
          unitIds,
          calls: content.calls,
          since: performance.now(),
          cancelled: new Set<number>(),
          isMissing: false,
        },
        passing: keysOf(message.units.filter(({ lasting, bytes }) => !lasting && bytes === undefined)),
      })
      const data = { producer: this.#id, batch: number, calls: content.calls, body }
      const settings = { jobId, removeOnComplete: true, removeOnFail: { count: 100 } }
      await Promise.all([
        this.#sayAlive(),
        ...stored.map(({ hash, bytes }) => this.#redis.set(this.#keys.unit(hash), Buffer.from(bytes), 'PX', KEEP)),
        ...this.#refresh(keysOf(message.units.filter(({ bytes }) => bytes === undefined))),
        this.#queue.add(name, data, settings),
      ])
    } catch (error) {
      if (isOfRedis(error)) this.#lose(number)
      else this.#fail(number, error)
    }
  }

  // Before a batch is in the queue: hosts do not run what nobody waits for.
  async #sayAlive(): Promise<void> {
    const now = performance.now()
    if (now - this.#aliveAt < LOOK_EVERY / 2) return
    this.#aliveAt = now
    await this.#redis.set(this.#keys.producer(this.#id), '', 'PX', ALIVE)
  }

  // What was stored long ago is told to stay.
  #refresh(keys: readonly string[]): Promise<unknown>[] {
    const now = performance.now()
    return keys.flatMap((key) => {
      const before = this.#stored.get(key)
      if (before !== undefined && now - before < REFRESH) return []
      this.#stored.set(key, now)
      return before === undefined ? [] : [this.#redis.pexpire(key, KEEP)]
    })
  }

  #take({ batch, sealed }: Arrived): void {
    this.#heardAt = this.#servedAt = performance.now()
    const known = this.#outstanding.get(batch)
    if (known === undefined) return
    try {
      const { message, doubt } = this.#seal.open('report', sealed)
      if (doubt !== undefined)
        throw new DecoError(`Cannot believe what is reported of ${known.name}: ${doubt}. ${SAME_KEY}`)
      const report = unpackReport(message, (name) => this.#root.urlOfName(name))
      if (report.producer !== this.#id || report.batch !== batch) return
      this.#learnLanes(Math.max(this.#lanes, report.lanes))
      if (report.refused === 'units missing') this.#lose(batch)
      else if (report.refused !== undefined) {
        this.#drop(batch)
        this.#tell({ failed: batch, error: report.refused })
      } else {
        if (report.isLast) this.#drop(batch)
        const { producer: _, host: __, lanes: ___, ...taken } = report
        this.#tell({
          report: { ...taken, written: report.written.map(([place, error]) => [known.unitIds[place]!, error]) },
        })
      }
    } catch (error) {
      this.#fail(batch, error)
    }
  }

  #cancel(batch: number, calls: readonly number[]): void {
    const known = this.#outstanding.get(batch)
    if (known === undefined) return
    for (const call of calls) known.cancelled.add(call)
    this.#redis.publish(this.#keys.cancels, this.#closeCancel(batch, calls)).catch(() => {})
    if (known.cancelled.size === known.calls) void this.#remove(batch, known)
  }

  // A batch that no host has taken yet need not be taken.
  async #remove(batch: number, { jobId }: Outstanding): Promise<void> {
    const removed = await this.#queue.remove(jobId).catch(() => 0)
    if (removed !== 1 || !this.#outstanding.has(batch)) return
    this.#drop(batch)
    this.#tell({
      report: { batch, places: [], values: [], replies: [], failures: [], times: 0, written: [], isLast: true },
    })
  }

  #closeCancel(batch: number | null, calls: readonly number[]): Buffer {
    return this.#seal.close('cancel', Buffer.from(JSON.stringify([this.#id, batch, calls])))
  }

  // Everything that no message tells: who serves the queue, and whether Redis still has what it was given.
  async #lookAround(): Promise<void> {
    this.#giveUp()
    if (this.#isLooking || this.#redis.status !== 'ready') return
    this.#isLooking = true
    try {
      const hosts = await this.#redis.smembers(this.#keys.hosts)
      const lanes = hosts.length === 0 ? [] : await this.#redis.mget(hosts.map((host) => this.#keys.host(host)))
      await this.#sayAlive()
      this.#heardAt = performance.now()
      this.#learnLanes(lanes.reduce((sum, count) => sum + Number(count ?? 0), 0))
      if (this.#lanes > 0) this.#servedAt = performance.now()
      for (const [batch, known] of this.#outstanding) await this.#lookAfter(batch, known)
    } catch {
      // What goes wrong with the connection is noted where it does.
    } finally {
      this.#isLooking = false
    }
  }

  async #lookAfter(batch: number, known: Outstanding): Promise<void> {
    if (performance.now() - known.since < SETTLED) return
    // A job that is done is gone, and its report is there or will be read at any moment: at the next look it is taken in.
    const isThere = (await this.#redis.exists(this.#queue.toKey(known.jobId))) === 1
    if (!isThere && known.isMissing && this.#outstanding.get(batch) === known) this.#lose(batch)
    known.isMissing = !isThere
    if (known.cancelled.size > 0) this.#cancel(batch, [...known.cancelled])
  }

  #learnLanes(lanes: number): void {
    if (lanes === this.#lanes) return
    this.#lanes = lanes
    this.#tell({ lanes })
  }

  // Nobody waits for ever.
  #giveUp(): void {
    const { timeout, queue } = this.#options
    const now = performance.now()
    const place = placeOf(this.#redis)
    const why =
      now - this.#heardAt > timeout
        ? `Redis at ${place} has not answered for ${timeout} ms${this.#lastError === undefined ? '' : ` (${this.#lastError.message})`}. ` +
          'Way out: see to it that it runs and can be reached, or raise bullmq({ timeout }).'
        : now - this.#servedAt > timeout
          ? `no host has served the queue ${queue} at ${place} for ${timeout} ms. Way out: start one with serve(), or raise ` +
            'bullmq({ timeout }).'
          : undefined
    if (why === undefined) return
    for (const [batch, { name, since }] of this.#outstanding)
      if (now - since > timeout) this.#fail(batch, new DecoError(`Cannot run ${name}: ${why}`))
  }

  #fail(batch: number, error: unknown): void {
    this.#drop(batch)
    this.#tell({ failed: batch, error: encodeFailure(error) })
  }

  #lose(batch: number): void {
    this.#drop(batch)
    this.#tell({ lost: batch })
  }

  #drop(batch: number): void {
    const known = this.#outstanding.get(batch)
    if (known === undefined) return
    this.#outstanding.delete(batch)
    if (known.passing.length > 0) this.#redis.unlink(...known.passing).catch(() => {})
  }
}

const SAME_KEY = 'Way out: give the same key to bullmq({ sign }) and to every host of the queue.'

// A connection that broke, or a command that was not answered: nothing is wrong with the batch.
function isOfRedis(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Connection is closed|Socket timeout|Command timed out|Stream isn't writeable)/.test(error.message)
  )
}
