import { randomUUID } from 'node:crypto'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { DecoError } from '../errors.js'
import type { Batch } from '../protocol.js'
import { encodeFailure } from '../worker/failure.js'
import { atMost } from './at-most.js'
import type { FromBridge, ProducerOptions, ToBridge } from './bridge-messages.js'
import { connect, hangUp } from './connect.js'
import { Contents } from './contents.js'
import { Keys } from './keys.js'
import { Lookout, type LookoutOwner } from './lookout.js'
import { ModuleRoot } from './module-root.js'
import type { Outstanding } from './outstanding.js'
import { type Arrived, ReportStream } from './reports.js'
import { StoredUnits } from './stored-units.js'
import { packBatch } from './wire/batch.js'
import { type Cancel, packCancel } from './wire/cancel.js'
import { type HostReport, unpackReport } from './wire/report.js'
import { Seal } from './wire/seal.js'
import type { PackedUnit } from './wire/unit.js'

// Of batches that failed so many are kept in Redis, for people to look at.
const KEEP_FAILED = 100
// Taking leave may take so long, in ms.
const GOODBYE = 1000

/** A batch as it goes to Redis. */
interface Composed {
  readonly batch: Outstanding
  readonly body: string
  /** Units that are stored before it. */
  readonly units: readonly PackedUnit[]
}

/** The Redis side of an executor: puts batches into the queue, and hands on what hosts report. */
export class Producer implements LookoutOwner {
  readonly id = randomUUID()
  readonly queueName: string
  lastError: Error | undefined
  readonly #tell: (message: FromBridge) => void
  readonly #root: ModuleRoot
  readonly #keys: Keys
  readonly #seal: Seal
  readonly #contents: Contents
  readonly #redis: Redis
  readonly #queue: Queue
  readonly #units: StoredUnits
  readonly #reports: ReportStream
  readonly #lookout: Lookout
  readonly #outstanding = new Map<number, Outstanding>()
  #attempts = 0
  #lanes = 0
  #ready: Promise<void> | undefined

  constructor(
    { connection, prefix, queue, sign, root, timeout }: ProducerOptions,
    tell: (message: FromBridge) => void,
  ) {
    this.queueName = queue
    this.#tell = tell
    this.#root = new ModuleRoot(root, 'bullmq({ root })')
    this.#keys = new Keys(prefix, queue)
    this.#seal = new Seal(queue, sign)
    this.#contents = new Contents((url) => this.#root.nameOf(url))
    const noteError = (error: Error) => {
      this.lastError = error
    }
    this.#redis = connect(connection, noteError)
    this.#queue = new Queue(queue, { connection: this.#redis, prefix })
    this.#queue.on('error', noteError)
    this.#units = new StoredUnits(this.#redis, this.#keys)
    const reader = connect(connection, noteError)
    this.#reports = new ReportStream(reader, this.#keys.reports(this.id), (arrived) => this.#take(arrived))
    this.#lookout = new Lookout(this, { redis: this.#redis, queue: this.#queue, keys: this.#keys, timeout })
  }

  get outstanding(): Iterable<Outstanding> {
    return this.#outstanding.values()
  }

  receive(message: ToBridge): void {
    if ('batch' in message) void this.#publish(message.batch, message.content, message.isAnew)
    else if ('cancel' in message) this.#cancel(message.cancel, message.calls)
  }

  /** Takes back what nobody waits for any more, as far as that goes without delay, and lets go of Redis. */
  async close(): Promise<void> {
    this.#lookout.close()
    this.#reports.close()
    const left = [...this.#outstanding.values()]
    this.#outstanding.clear()
    if (this.#redis.status === 'ready') {
      const goodbye = Promise.allSettled([
        this.#publishCancel({}),
        this.#redis.del(this.#keys.producer(this.id), this.#keys.reports(this.id)),
        ...left.map(({ jobId }) => this.#queue.remove(jobId)),
      ])
      await atMost(GOODBYE, goodbye)
    }
    hangUp(this.#redis)
  }

  lanes(lanes: number): void {
    if (lanes === this.#lanes) return
    this.#lanes = lanes
    this.#tell({ lanes })
  }

  lost(batch: Outstanding): void {
    if (this.#drop(batch)) this.#tell({ lost: batch.number })
  }

  failed(batch: Outstanding, error: unknown): void {
    if (this.#drop(batch)) this.#tell({ failed: batch.number, error: encodeFailure(error) })
  }

  repeatCancel({ number, cancelled }: Outstanding): void {
    void this.#publishCancel({ batch: number, calls: [...cancelled] }).catch(() => {})
  }

  async #publish(number: number, content: Batch, isAnew: boolean): Promise<void> {
    let composed: Composed
    try {
      if (isAnew) this.#contents.clear()
      composed = this.#compose(number, content)
    } catch (error) {
      this.#tell({ failed: number, error: encodeFailure(error), isDivisible: true })
      return
    }
    const { batch } = composed
    this.#outstanding.set(number, batch)
    try {
      await this.#whenReady()
      // Nobody may wait for it any more, and those who run it would do so for nothing.
      if (this.#outstanding.get(number) === batch) await this.#send(composed)
    } catch (error) {
      this.failed(batch, refusedByRedis(batch, error))
    }
  }

  #compose(number: number, content: Batch): Composed {
    const { message, unitIds, stored } = this.#contents.complete(content)
    const packed = packBatch({ ...message, producer: this.id, number }, (url) => this.#root.nameOf(url))
    const batch = {
      number,
      // Another attempt is another job: something of the first one may be left.
      jobId: `${this.id}-${number}-${++this.#attempts}`,
      name: message.routes[0]!.name,
      calls: content.calls,
      unitIds,
      stored: message.units.filter(({ bytes }) => bytes === undefined),
      since: performance.now(),
      cancelled: new Set<number>(),
      amiss: undefined,
    }
    return { batch, body: this.#seal.close('batch', packed).toString('base64'), units: stored }
  }

  // Redis does it in this order.
  async #send({ batch, body, units }: Composed): Promise<void> {
    const { number, jobId, name, calls, stored } = batch
    const data = { producer: this.id, batch: number, calls, body }
    const settings = { jobId, removeOnComplete: true, removeOnFail: { count: KEEP_FAILED } }
    await Promise.all([
      this.#lookout.sayAlive(),
      this.#units.store(units),
      this.#units.use(stored),
      this.#queue.add(name, data, settings),
    ])
  }

  // The client would keep commands until it can send them, however many there are and whoever still waits for them.
  async #whenReady(): Promise<void> {
    if (this.#redis.status === 'ready') return
    this.#ready ??= new Promise((resolve) => {
      this.#redis.once('ready', () => {
        this.#ready = undefined
        resolve()
      })
    })
    await this.#ready
  }

  #take({ batch: number, sealed }: Arrived): void {
    this.#lookout.heard()
    const batch = this.#outstanding.get(number)
    // It was reported before: its host was taken for dead.
    if (batch === undefined) return
    try {
      const { message, doubt } = this.#seal.open('report', sealed)
      if (doubt !== undefined)
        throw new DecoError(`Cannot believe what is reported of ${batch.name}: ${doubt}. ${SAME_KEY}`)
      const report = unpackReport(message, (name) => this.#root.urlOfName(name))
      if (report.producer === this.id && report.batch === number) this.#takeReport(batch, report)
    } catch (error) {
      this.failed(batch, error)
    }
  }

  #takeReport(batch: Outstanding, { refused, producer: _, host: __, lanes, ...taken }: HostReport): void {
    this.lanes(Math.max(this.#lanes, lanes))
    if (refused === 'units missing') {
      this.lost(batch)
      return
    }
    if (refused !== undefined) {
      this.#drop(batch)
      this.#tell({ failed: batch.number, ...refused })
      return
    }
    if (taken.isLast) this.#drop(batch)
    const written = taken.written.map(([place, error]) => [batch.unitIds[place]!, error] as const)
    this.#tell({ report: { ...taken, written } })
  }

  #cancel(number: number, calls: readonly number[]): void {
    const batch = this.#outstanding.get(number)
    if (batch === undefined) return
    for (const call of calls) batch.cancelled.add(call)
    this.repeatCancel(batch)
    if (batch.cancelled.size === batch.calls) void this.#remove(batch)
  }

  // A batch that no host has taken yet need not be taken.
  async #remove(batch: Outstanding): Promise<void> {
    const removed = await this.#queue.remove(batch.jobId).catch(() => 0)
    if (removed === 1 && this.#drop(batch)) this.#tell({ report: { ...NOTHING, batch: batch.number } })
  }

  async #publishCancel({ batch, calls }: Partial<Cancel>): Promise<void> {
    const message = packCancel({ producer: this.id, batch, calls })
    await this.#redis.publish(this.#keys.cancels, this.#seal.close('cancel', message))
  }

  // `false` if it was dropped before.
  #drop(batch: Outstanding): boolean {
    if (this.#outstanding.get(batch.number) !== batch) return false
    this.#outstanding.delete(batch.number)
    this.#units.release(batch.stored)
    return true
  }
}

const NOTHING = { places: [], values: [], replies: [], failures: [], times: 0, written: [], isLast: true } as const
const SAME_KEY = 'Way out: give the same key to bullmq({ sign }) and to every host of the queue.'

function refusedByRedis({ name }: Outstanding, cause: unknown): DecoError {
  const { message } = cause as Error
  return new DecoError(
    `Cannot run ${name}: Redis does not take its batch (${message}). Way out: see whether it has memory left, and whether this ` +
      'user may write to it.',
    { cause },
  )
}
