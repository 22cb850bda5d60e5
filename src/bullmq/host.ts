import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Job, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { DecoError, WorkerCrashError } from '../errors.js'
import type { Route } from '../protocol.js'
import { encodeFailure } from '../worker/failure.js'
import { connect, placeOf } from './connect.js'
import { HostBatch } from './host-batch.js'
import { HostLanes } from './host-lanes.js'
import { type HostResult, reportOf } from './host-results.js'
import { HostRoutes } from './host-routes.js'
import { HostUnits } from './host-units.js'
import { Keys } from './keys.js'
import { ModuleRoot } from './module-root.js'
import type { HostEvent, HostHandle, ServeOptions } from './serve-options.js'
import { Turns } from './turns.js'
import { type SelfContainedBatch, unpackBatch } from './wire/batch.js'
import { type HostReport, packReport } from './wire/report.js'
import { Seal } from './wire/seal.js'
import { unreadable } from './wire/unreadable.js'

// A host says that it lives so often, in ms, and is taken for dead when nothing is heard of it for so long.
const BEAT = 5000
const ALIVE = 15_000
// A batch whose host is not heard of for so long, in ms, is given to another one; so often others look.
const STALLED = 15_000
const LOOK_EVERY = 5000
// A batch that so many hosts have died of is given to no other.
const MOST_STALLED = 3
// Reports that nobody fetches are gone after so long, in ms.
const KEEP_REPORTS = 3_600_000
// A producer that was alive is not asked for again sooner, in ms.
const TRUSTED = 5000

/** What a producer puts into the queue. */
interface JobData {
  readonly producer: string
  readonly batch: number
  readonly calls: number
  readonly body: string
}

/** A machine that runs batches of a queue on its lanes. */
export class Host implements HostHandle {
  /** Its name in reports, errors and logs. */
  readonly id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`
  readonly #log: (event: HostEvent) => void
  readonly #root: ModuleRoot
  readonly #keys: Keys
  readonly #seal: Seal
  readonly #lanes: HostLanes
  readonly #concurrency: number
  readonly #routes = new HostRoutes()
  readonly #units: HostUnits
  readonly #turns: Turns
  readonly #redis: Redis
  readonly #cancels: Redis
  readonly #worker: Worker<JobData>
  readonly #batches = new Set<{ readonly producer: string; readonly number: number; readonly batch: HostBatch }>()
  // Calls of a producer take turns with those of others.
  readonly #producers = new Map<string, { readonly job: object; seenAt: number }>()
  readonly #beat: NodeJS.Timeout
  readonly #counts = { batches: 0, calls: 0, refused: 0 }
  #closing: Promise<void> | undefined

  constructor(options: Required<Omit<ServeOptions, 'sign'>> & Pick<ServeOptions, 'sign'>) {
    const { connection, queue, prefix, sign, root, concurrency, log } = options
    this.#log = log
    this.#concurrency = concurrency
    this.#root = new ModuleRoot(root, 'serve({ root })')
    this.#keys = new Keys(prefix, queue)
    this.#seal = new Seal(queue, sign)
    this.#lanes = new HostLanes(concurrency)
    const onError = (error: Error) => this.#say('error', error.message)
    this.#redis = connect(connection, onError)
    this.#cancels = connect(connection, onError)
    this.#units = new HostUnits(this.#redis, this.#keys, (name) => this.#root.urlOf(name))
    this.#worker = new Worker<JobData>(queue, (job, token) => this.#process(job, token!), {
      ...{ connection: this.#redis, prefix, name: this.id, concurrency, autorun: false },
      ...{ lockDuration: STALLED, stalledInterval: LOOK_EVERY, maxStalledCount: MOST_STALLED, runRetryDelay: 500 },
    })
    this.#turns = new Turns(concurrency, (batches) => {
      this.#worker.concurrency = batches
    })
    this.#worker.on('error', onError)
    this.#worker.on('failed', (job, error) => job !== undefined && void this.#failed(job, error))
    this.#cancels.on('messageBuffer', (_, message) => this.#cancel(message))
    this.#beat = setInterval(() => void this.#lookAround(), BEAT)
  }

  /** Takes batches from now on. */
  async start(): Promise<void> {
    await this.#cancels.subscribe(this.#keys.cancels)
    await this.#sayAlive()
    void this.#worker.run().catch((error: Error) => this.#say('error', error.message))
    this.#say(
      'ready',
      `serves with ${this.#concurrency} lanes, Redis at ${placeOf(this.#redis)}, modules in ${this.#root.path}`,
    )
  }

  /** What it has done, and is doing. */
  get state(): HostHandle['state'] {
    return { lanes: this.#concurrency, running: this.#turns.running, ...this.#counts }
  }

  /** Takes no more batches, hands back those that wait, finishes those that run, and leaves. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    clearInterval(this.#beat)
    this.#turns.close()
    await this.#worker.close()
    await this.#lanes.close()
    await Promise.allSettled([this.#redis.del(this.#keys.host(this.id)), this.#redis.srem(this.#keys.hosts, this.id)])
    this.#cancels.disconnect()
    this.#redis.disconnect()
    this.#say('closed', 'has left')
  }

  async #process(job: Job<JobData>, token: string): Promise<void> {
    let message: SelfContainedBatch
    try {
      message = this.#read(job)
    } catch (error) {
      throw await this.#refuse(job, error)
    }
    const { producer, number } = message
    if (!(await this.#isAlive(producer))) {
      this.#say('dropped', `batch ${number} of ${job.name}: its producer is gone`)
      return
    }
    let batch: HostBatch
    try {
      const units = await this.#units.get(message.units)
      if (units === undefined) {
        await this.#send({ ...NOTHING, producer, batch: number, isLast: true, refused: 'units missing' })
        return
      }
      const routes = message.routes.map((route): Route => this.#routes.own(route))
      const { job } = this.#producers.get(producer)!
      batch = new HostBatch(message, routes, units, job, this.#lanes, (results) => {
        void this.#tell(message, results, batch.size, false, []).catch((error: Error) =>
          this.#say('error', error.message),
        )
      })
    } catch (error) {
      throw await this.#refuse(job, error)
    }
    const { expected } = batch
    if (!(await this.#turns.enter(expected))) {
      await job.moveToWait(token)
      throw new WaitingError()
    }
    const running = { producer, number, batch }
    this.#batches.add(running)
    let results: readonly HostResult[]
    let written: HostReport['written']
    try {
      results = await batch.run()
      written = await batch.written()
    } finally {
      this.#batches.delete(running)
      this.#turns.leave(expected)
    }
    await this.#tell(message, results, batch.size, true, written)
    this.#counts.batches++
    this.#counts.calls += batch.size
  }

  #read({ data }: Job<JobData>): SelfContainedBatch {
    if (typeof data?.body !== 'string') throw unreadable('it is no batch')
    const { message, doubt } = this.#seal.open('batch', Buffer.from(data.body, 'base64'))
    if (doubt !== undefined) {
      throw new DecoError(
        `Cannot run a batch: ${doubt}. Way out: give the same key to bullmq({ sign }) and to every host of the queue.`,
      )
    }
    return unpackBatch(message, (name) => this.#root.urlOf(name))
  }

  // In as few messages as there can be; one that is too long, or holds what cannot be sent, in two.
  async #tell(
    message: Pick<SelfContainedBatch, 'producer' | 'number'>,
    results: readonly HostResult[],
    all: number,
    isLast: boolean,
    written: HostReport['written'],
  ): Promise<void> {
    const { producer, number } = message
    const part = reportOf(results, all, (route) => this.#lanes.mean(route) ?? 0)
    try {
      await this.#send({ ...part, producer, batch: number, isLast, written })
    } catch (error) {
      const [first] = results
      if (first === undefined || isFailure(first)) throw error
      if (results.length === 1) {
        const { place, route } = first
        await this.#tell(message, [{ place, route, failure: encodeFailure(error) }], all, isLast, written)
        return
      }
      const half = results.length >> 1
      await this.#tell(message, results.slice(0, half), all, false, [])
      await this.#tell(message, results.slice(half), all, isLast, written)
    }
  }

  async #send(report: Omit<HostReport, 'host' | 'lanes'>): Promise<void> {
    const full = { ...report, host: this.id, lanes: this.#concurrency }
    const sealed = this.#seal.close(
      'report',
      packReport(full, (url) => this.#root.nameOf(url)),
    )
    const key = this.#keys.reports(report.producer)
    await Promise.all([
      this.#redis.xadd(key, '*', 'batch', String(report.batch), 'report', sealed),
      this.#redis.pexpire(key, KEEP_REPORTS),
    ])
  }

  // Tells why a batch is not run: its producer, the log, and BullMQ.
  async #refuse({ name, data }: Job<JobData>, error: unknown): Promise<Error> {
    this.#counts.refused++
    const why = error instanceof Error ? error.message : String(error)
    this.#say('refused', `a batch of ${name}: ${why}`)
    if (typeof data?.producer === 'string' && Number.isSafeInteger(data.batch)) {
      const refused = encodeFailure(withHost(error, this.id))
      await this.#send({ ...NOTHING, producer: data.producer, batch: data.batch, isLast: true, refused })
    }
    return Object.assign(new Error(why), { name: 'Refused' })
  }

  // Of a batch that was given up without being run again, only this tells.
  async #failed(job: Job<JobData>, error: Error): Promise<void> {
    if (!/stalled more than allowable limit/.test(error.message)) return
    await this.#refuse(
      job,
      new WorkerCrashError(
        `Cannot finish a batch of ${job.name}: ${MOST_STALLED + 1} hosts that ran it have died, or were not heard of for ${STALLED} ms. ` +
          'Way out: see whether its calls end their process, take all its memory, or block the main thread of a host.',
        { method: job.name, attempts: MOST_STALLED + 1 },
      ),
    ).catch((error: Error) => this.#say('error', error.message))
  }

  #cancel(sealed: Buffer): void {
    try {
      const { message, doubt } = this.#seal.open('cancel', sealed)
      if (doubt !== undefined) throw new DecoError(doubt)
      const [producer, number, places] = JSON.parse(Buffer.from(message).toString()) as unknown[]
      for (const running of this.#batches) {
        if (running.producer !== producer || (number !== null && running.number !== number)) continue
        running.batch.cancel(number === null ? undefined : (places as number[]))
      }
    } catch (error) {
      this.#say('refused', `a message that cancels calls: ${(error as Error).message}`)
    }
  }

  async #isAlive(producer: string): Promise<boolean> {
    const known = this.#producers.get(producer)
    if (known !== undefined && performance.now() - known.seenAt < TRUSTED) return true
    const isAlive = (await this.#redis.exists(this.#keys.producer(producer))) === 1
    if (!isAlive) this.#producers.delete(producer)
    else if (known === undefined) this.#producers.set(producer, { job: {}, seenAt: performance.now() })
    else known.seenAt = performance.now()
    return isAlive
  }

  // What no message tells: that this host lives, and that a producer does not.
  async #lookAround(): Promise<void> {
    if (this.#redis.status !== 'ready') return
    try {
      await this.#sayAlive()
      // A connection that only listens would not show that it is dead.
      await this.#cancels.ping()
      for (const { producer, batch } of this.#batches) if (!(await this.#isAlive(producer))) batch.cancel()
      for (const producer of this.#producers.keys()) await this.#isAlive(producer)
    } catch {
      // What goes wrong with the connection is told where it does.
    }
  }

  async #sayAlive(): Promise<void> {
    await this.#redis.set(this.#keys.host(this.id), String(this.#concurrency), 'PX', ALIVE)
    await this.#redis.sadd(this.#keys.hosts, this.id)
  }

  #say(event: HostEvent['event'], message: string): void {
    this.#log({ event, host: this.id, message })
  }
}

const NOTHING = { places: [], values: [], replies: [], failures: [], times: 0, written: [] } as const

function isFailure(result: HostResult): boolean {
  return 'failure' in result
}

// The same error, where it says which host says so.
function withHost(error: unknown, host: string): unknown {
  if (error instanceof Error) error.message = error.message.replace(/\.( Way out:|$)/, ` (host ${host}).$1`)
  return error
}
