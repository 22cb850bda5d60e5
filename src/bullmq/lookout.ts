import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { DecoError } from '../errors.js'
import { placeOf } from './connect.js'
import type { Keys } from './keys.js'
import type { Outstanding } from './outstanding.js'

// A look at everything that no message tells, in ms; where something seems amiss, the next one comes sooner.
const LOOK_EVERY = 5000
const LOOK_AGAIN = 500
// A batch that is in the hands of Redis cannot be missing there sooner, in ms.
const SETTLED = 2000
// A producer of which nothing is heard for so long, in ms, is taken for dead.
const ALIVE = 30_000

/** Who is told what a lookout sees. */
export interface LookoutOwner {
  readonly id: string
  readonly queueName: string
  readonly outstanding: Iterable<Outstanding>
  /** Why Redis does not answer, as far as it is known. */
  readonly lastError: Error | undefined
  /** Number of lanes of all hosts. */
  lanes(lanes: number): void
  /** Redis has lost a batch. */
  lost(batch: Outstanding): void
  /** A batch will not be run. */
  failed(batch: Outstanding, error: Error): void
  /** Those who run it may not have heard that calls of it are cancelled. */
  repeatCancel(batch: Outstanding): void
}

/** Looks at everything that no message tells: who serves a queue, whether Redis is there, and still has what it was given. */
export class Lookout {
  readonly #owner: LookoutOwner
  readonly #redis: Redis
  readonly #queue: Queue
  readonly #keys: Keys
  readonly #timeout: number
  readonly #every: number
  // Of its own: a look waits for Redis.
  readonly #givingUp: NodeJS.Timeout
  #timer: NodeJS.Timeout | undefined
  #isLooking = false
  #isClosed = false
  // When Redis was told last that this producer lives.
  #saidAt = Number.NEGATIVE_INFINITY
  // When Redis, and a host, were there last.
  #heardAt = performance.now()
  #servedAt = performance.now()

  /** `timeout`: milliseconds for which batches wait for Redis or a host. */
  constructor(
    owner: LookoutOwner,
    { redis, queue, keys, timeout }: { redis: Redis; queue: Queue; keys: Keys; timeout: number },
  ) {
    this.#owner = owner
    this.#redis = redis
    this.#queue = queue
    this.#keys = keys
    this.#timeout = timeout
    this.#every = Math.min(LOOK_EVERY, timeout / 3)
    this.#givingUp = setInterval(() => this.#giveUp(), this.#every)
    // It may have come back without its memory.
    redis.on('ready', () => {
      this.#saidAt = Number.NEGATIVE_INFINITY
      this.#later(0)
    })
    this.#later(0)
  }

  close(): void {
    clearTimeout(this.#timer)
    clearInterval(this.#givingUp)
    this.#isClosed = true
  }

  /** A host has reported. */
  heard(): void {
    this.#heardAt = this.#servedAt = performance.now()
  }

  /** Before a batch is in the queue, so that hosts do not take it for one that nobody waits for. */
  async sayAlive(): Promise<void> {
    const now = performance.now()
    if (now - this.#saidAt < LOOK_EVERY / 2) return
    this.#saidAt = now
    await this.#redis.set(this.#keys.producer(this.#owner.id), '', 'PX', ALIVE)
  }

  #later(milliseconds: number): void {
    if (this.#isLooking || this.#isClosed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#look(), milliseconds)
  }

  async #look(): Promise<void> {
    let isAmiss = false
    if (this.#redis.status === 'ready') {
      this.#isLooking = true
      try {
        await this.sayAlive()
        await this.#countLanes()
        for (const batch of [...this.#owner.outstanding]) isAmiss = (await this.#lookAfter(batch)) || isAmiss
      } catch {
        // What goes wrong with the connection is noted where it does.
      }
      this.#isLooking = false
    }
    this.#later(isAmiss ? LOOK_AGAIN : this.#every)
  }

  async #countLanes(): Promise<void> {
    const hosts = await this.#redis.smembers(this.#keys.hosts)
    const counts = hosts.length === 0 ? [] : await this.#redis.mget(hosts.map((host) => this.#keys.host(host)))
    const lanes = counts.reduce((sum, count) => sum + lanesOf(count), 0)
    this.#heardAt = performance.now()
    if (lanes > 0) this.#servedAt = this.#heardAt
    this.#owner.lanes(lanes)
    const gone = hosts.filter((_, i) => counts[i] === null)
    if (gone.length > 0) await this.#redis.srem(this.#keys.hosts, ...gone)
  }

  // What is amiss twice is amiss: the report of a batch that is done may still be on its way at the first look.
  async #lookAfter(batch: Outstanding): Promise<boolean> {
    if (batch.cancelled.size > 0) this.#owner.repeatCancel(batch)
    if (performance.now() - batch.since < SETTLED) return false
    const [isThere, failedAt, reason] = await Promise.all([
      this.#redis.exists(this.#queue.toKey(batch.jobId)),
      this.#redis.zscore(this.#queue.toKey('failed'), batch.jobId),
      this.#redis.hget(this.#queue.toKey(batch.jobId), 'failedReason'),
    ])
    const amiss = isThere === 0 ? 'missing' : failedAt !== null ? 'failed' : undefined
    const isSure = amiss !== undefined && amiss === batch.amiss
    batch.amiss = amiss
    if (isSure && amiss === 'missing') this.#owner.lost(batch)
    else if (isSure) this.#owner.failed(batch, new DecoError(`Cannot run ${batch.name}: its batch failed (${reason}).`))
    return amiss !== undefined && !isSure
  }

  // Nobody waits for ever.
  #giveUp(): void {
    const now = performance.now()
    const why =
      now - this.#heardAt > this.#timeout
        ? this.#noRedis()
        : now - this.#servedAt > this.#timeout
          ? this.#noHost()
          : undefined
    if (why === undefined) return
    for (const batch of [...this.#owner.outstanding])
      if (now - batch.since > this.#timeout)
        this.#owner.failed(batch, new DecoError(`Cannot run ${batch.name}: ${why} or raise bullmq({ timeout }).`))
  }

  #noRedis(): string {
    const { lastError } = this.#owner
    const reason = lastError === undefined ? '' : ` (${lastError.message})`
    return (
      `Redis at ${placeOf(this.#redis)} has not answered for ${this.#timeout} ms${reason}. Way out: see to it that it runs and can be ` +
      'reached,'
    )
  }

  #noHost(): string {
    return (
      `no host has served the queue ${this.#owner.queueName} at ${placeOf(this.#redis)} for ${this.#timeout} ms. Way out: start one ` +
      'with serve(),'
    )
  }
}

// What stands there may be from anybody.
function lanesOf(count: string | null): number {
  return count !== null && /^\d{1,5}$/.test(count) ? Number(count) : 0
}
