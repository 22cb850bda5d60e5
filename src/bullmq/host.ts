import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Job, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { DecoError, WorkerCrashError } from '../errors.js'
import { atMost } from './at-most.js'
import { connect, hangUp, placeOf } from './connect.js'
import { HostBatch } from './host-batch.js'
import { HostLanes } from './host-lanes.js'
import { HostProducers } from './host-producers.js'
import { type BatchName, HostReports } from './host-reports.js'
import { HostRoutes } from './host-routes.js'
import { HostUnits } from './host-units.js'
import { Keys } from './keys.js'
import { ModuleRoot } from './module-root.js'
import type { HostEvent, HostHandle, ServeOptions } from './serve-options.js'
import { Turns } from './turns.js'
import { type SelfContainedBatch, unpackBatch } from './wire/batch.js'
import { unpackCancel } from './wire/cancel.js'
import { Seal } from './wire/seal.js'
import { unreadable } from './wire/unreadable.js'

// So often within the time after which a host is taken for dead it says that it lives, and looks whether others do.
const BEATS = 3
// A batch that so many hosts have died of is given to one more, and to no other.
const MOST_STALLED = 3
// Once its calls have ended a host that leaves waits so long, in ms, for Redis.
const LAST_WORDS = 2000
// An error is not said again sooner, in ms, and so many are remembered.
const ALIKE = 10_000
const MOST_SAID = 100
// What is said is cut off after so many characters.
const LONGEST_LINE = 2000

/** What a producer puts into the queue. */
interface JobData {
  readonly producer: string
  readonly batch: number
  readonly calls: number
  readonly body: string
}

/** A batch that is running. */
interface Running extends BatchName {
  readonly batch: HostBatch
}

/** Options of a host, none left open. */
export type HostOptions = Required<Omit<ServeOptions, 'sign'>> & Pick<ServeOptions, 'sign'>

/** A machine that runs batches of a queue on its lanes. */
export class Host implements HostHandle {
  readonly id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`
  readonly #options: HostOptions
  readonly #root: ModuleRoot
  readonly #keys: Keys
  readonly #seal: Seal
  readonly #lanes: HostLanes
  readonly #routes = new HostRoutes()
  readonly #units: HostUnits
  readonly #producers: HostProducers
  readonly #reports: HostReports
  readonly #turns: Turns
  readonly #redis: Redis
  readonly #cancels: Redis
  readonly #worker: Worker<JobData>
  readonly #running = new Set<Running>()
  readonly #beat: NodeJS.Timeout
  readonly #counts = { batches: 0, calls: 0, failed: 0, refused: 0 }
  // When which error was said.
  readonly #saidAt = new Map<string, number>()
  // When Redis was told last that this host lives.
  #heardAt = Number.NEGATIVE_INFINITY
  #closing: Promise<void> | undefined

  constructor(options: HostOptions) {
    const { connection, queue, prefix, sign, root, concurrency, deadAfter } = options
    this.#options = options
    this.#root = new ModuleRoot(root, 'serve({ root })')
    this.#keys = new Keys(prefix, queue)
    this.#seal = new Seal(queue, sign)
    this.#lanes = new HostLanes(concurrency)
    this.#redis = connect(connection, this.#onError)
    this.#cancels = connect(connection, this.#onError)
    this.#units = new HostUnits(this.#redis, this.#keys, (name) => this.#root.urlOf(name))
    this.#producers = new HostProducers(this.#redis, this.#keys)
    this.#reports = new HostReports({
      ...{ id: this.id, lanes: concurrency, redis: this.#redis, keys: this.#keys, root: this.#root, seal: this.#seal },
      mean: (route) => this.#lanes.mean(route),
    })
    this.#worker = new Worker<JobData>(queue, (job, token) => this.#process(job, token!), {
      ...{ connection: this.#redis, prefix, name: this.id, concurrency, autorun: false, runRetryDelay: 500 },
      ...{ lockDuration: deadAfter, stalledInterval: Math.ceil(deadAfter / BEATS), maxStalledCount: MOST_STALLED },
    })
    this.#turns = new Turns(concurrency, (batches) => {
      this.#worker.concurrency = batches
    })
    this.#worker.on('error', this.#onError)
    this.#worker.on('failed', (job, error) => job !== undefined && void this.#failed(job, error))
    this.#cancels.on('messageBuffer', (_, message) => this.#cancel(message))
    this.#beat = setInterval(() => void this.#lookAround(), deadAfter / BEATS)
  }

  /** Takes batches from now on. */
  async start(): Promise<void> {
    try {
      await this.#cancels.subscribe(this.#keys.cancels)
      await this.#sayAlive()
    } catch (cause) {
      throw new DecoError(
        `Cannot serve the queue ${this.#options.queue}: Redis at ${placeOf(this.#redis)} refuses it (${(cause as Error).message}). Way ` +
          'out: see which user and password the connection names, and what Redis allows this user.',
        { cause },
      )
    }
    // One that takes no more batches must not say that it lives.
    void this.#worker
      .run()
      .catch(this.#onError)
      .then(() => this.close())
    const { concurrency } = this.#options
    this.#say(
      'ready',
      `serves with ${concurrency} lanes, Redis at ${placeOf(this.#redis)}, modules in ${this.#root.path}`,
    )
  }

  get state(): HostHandle['state'] {
    const { concurrency: lanes, deadAfter } = this.#options
    const isConnected = performance.now() - this.#heardAt < deadAfter
    return { lanes, running: this.#turns.running, ...this.#counts, isConnected }
  }

  close({ within = 10_000 }: { readonly within?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(within)
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(within: number): Promise<void> {
    this.#turns.close()
    const late = setTimeout(() => {
      for (const { batch } of this.#running) batch.giveUp()
    }, within)
    // Without Redis nothing can be reported or handed back, and BullMQ waits for it: others find what is missing.
    await atMost(within + LAST_WORDS, this.#worker.close())
    clearTimeout(late)
    clearInterval(this.#beat)
    await this.#lanes.close()
    if (this.#redis.status === 'ready') await atMost(LAST_WORDS, this.#takeLeave())
    hangUp(this.#cancels)
    hangUp(this.#redis)
    this.#say('closed', 'has left')
  }

  async #process(job: Job<JobData>, token: string): Promise<void> {
    let running: Running | undefined
    try {
      running = await this.#prepare(job)
    } catch (error) {
      throw await this.#refuse(job, error)
    }
    if (running === undefined) return
    const { batch } = running
    const { expected } = batch
    if (!(await this.#turns.enter(expected))) {
      await job.moveToWait(token)
      throw new WaitingError()
    }
    this.#running.add(running)
    const ended = await this.#run(batch).finally(() => {
      this.#running.delete(running)
      this.#turns.leave(expected)
    })
    if (batch.isGivenUp) {
      await job.moveToWait(token)
      throw new WaitingError()
    }
    await this.#reports.tell(running, ended.results, { all: batch.size, isLast: true, written: ended.written })
    this.#counts.batches++
    this.#counts.calls += batch.size
    this.#counts.failed += batch.failures
  }

  async #run(batch: HostBatch) {
    const results = await batch.run()
    return { results, written: await batch.written() }
  }

  // The batch of a job with all that it takes; `undefined` if there is nothing to run.
  async #prepare({ name, data }: Job<JobData>): Promise<Running | undefined> {
    const message = this.#read(data)
    const { producer, number } = message
    const known = await this.#producers.get(producer)
    if (known === undefined) {
      this.#say('dropped', `batch ${number} of ${name}: its producer is gone`)
      return undefined
    }
    const units = await this.#units.get(message.units)
    if (units === undefined) {
      await this.#reports.refuse(message, 'units missing')
      return undefined
    }
    const routes = message.routes.map((route) => this.#routes.own(route))
    let isRefused = false
    const batch = new HostBatch(
      message,
      { routes, units, job: known.job, lanes: this.#lanes },
      {
        arrived: (results) =>
          void this.#reports.tell(message, results, { all: batch.size, isLast: false }).catch(this.#onError),
        notRun: (route, error) => {
          // Once a batch: a class that is not there is missed by all its calls.
          if (isRefused) return
          isRefused = true
          this.#counts.refused++
          this.#say('refused', `a call of ${route.name}: ${messageOf(error)}`)
        },
      },
    )
    return { producer, number, batch }
  }

  #read(data: JobData | undefined): SelfContainedBatch {
    if (typeof data?.body !== 'string') throw unreadable('it is no batch')
    const { message, doubt } = this.#seal.open('batch', Buffer.from(data.body, 'base64'))
    if (doubt !== undefined) {
      throw new DecoError(
        `Cannot run a batch: ${doubt}. Way out: give the same key to bullmq({ sign }) and to every host of the queue.`,
      )
    }
    return unpackBatch(message, (name) => this.#root.urlOf(name))
  }

  // Tells why a batch is not run: its producer, the log, and BullMQ.
  async #refuse({ name, data }: Job<JobData>, error: unknown, isDivisible = true): Promise<Error> {
    this.#counts.refused++
    const why = messageOf(error)
    this.#say('refused', `a batch of ${name}: ${why}`)
    if (typeof data?.producer === 'string' && Number.isSafeInteger(data.batch)) {
      const batch = { producer: data.producer, number: data.batch }
      await this.#reports.refuse(batch, withHost(error, this.id), isDivisible)
    }
    return Object.assign(new Error(why), { name: 'Refused' })
  }

  // Of a batch that was given up without being run again, only this tells.
  async #failed(job: Job<JobData>, error: Error): Promise<void> {
    if (!error.message.includes('stalled more than allowable limit')) return
    const attempts = MOST_STALLED + 1
    const { deadAfter } = this.#options
    const why = new WorkerCrashError(
      `Cannot finish a batch of ${job.name}: ${attempts} hosts that ran it have died, or were not heard of for ${deadAfter} ms. Way ` +
        'out: see whether its calls end their process, take all its memory, or block the main thread of a host.',
      { method: job.name, attempts },
    )
    await this.#refuse(job, why, false).catch(this.#onError)
  }

  #cancel(sealed: Buffer): void {
    try {
      const { message, doubt } = this.#seal.open('cancel', sealed)
      if (doubt !== undefined) throw new DecoError(doubt)
      const { producer, batch, calls } = unpackCancel(message)
      for (const running of this.#running)
        if (running.producer === producer && (batch === undefined || running.number === batch))
          running.batch.cancel(calls)
    } catch (error) {
      this.#say('refused', `a message that cancels calls: ${messageOf(error)}`)
    }
  }

  // What no message tells: that this host lives, and that a producer does not.
  async #lookAround(): Promise<void> {
    if (this.#redis.status !== 'ready') return
    try {
      await this.#sayAlive()
      // A connection that only listens would not show that it is dead.
      await this.#cancels.ping()
      for (const { producer, batch } of this.#running)
        if ((await this.#producers.get(producer)) === undefined) batch.cancel()
      await this.#producers.sweep()
    } catch {
      // What goes wrong with the connection is told where it does.
    }
  }

  async #sayAlive(): Promise<void> {
    const { concurrency, deadAfter } = this.#options
    await this.#redis.set(this.#keys.host(this.id), String(concurrency), 'PX', deadAfter)
    await this.#redis.sadd(this.#keys.hosts, this.id)
    this.#heardAt = performance.now()
  }

  async #takeLeave(): Promise<void> {
    await Promise.all([this.#redis.del(this.#keys.host(this.id)), this.#redis.srem(this.#keys.hosts, this.id)])
  }

  // A connection that is tried again and again fails in the same way each time.
  readonly #onError = ({ message }: Error): void => {
    const now = performance.now()
    if (now - (this.#saidAt.get(message) ?? Number.NEGATIVE_INFINITY) < ALIKE) return
    if (this.#saidAt.size >= MOST_SAID) this.#saidAt.clear()
    this.#saidAt.set(message, now)
    this.#say('error', message)
  }

  #say(event: HostEvent['event'], message: string): void {
    this.#options.log({ event, host: this.id, message: oneLine(message) })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

// What comes from outside may be long, and may be meant to look like other lines of a log, or to command a terminal.
function oneLine(message: string): string {
  return message.slice(0, LONGEST_LINE).replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}

// The same error, where it says which host says so.
function withHost(error: unknown, host: string): unknown {
  if (error instanceof Error) error.message = error.message.replace(/\.( Way out:|$)/, ` (host ${host}).$1`)
  return error
}
