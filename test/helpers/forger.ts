import { Queue } from 'bullmq'
import { packBatch, type SelfContainedBatch, unpackBatch } from '../../src/bullmq/wire/batch.js'
import type { ModuleName } from '../../src/bullmq/wire/modules.js'
import { Seal } from '../../src/bullmq/wire/seal.js'
import type { Executor } from '../../src/index.js'
import { Held } from '../fixtures/held.js'
import { type Cluster, QUEUE } from './cluster.js'

/** What a producer puts into a queue. */
export interface JobData {
  readonly producer: string
  readonly batch: number
  readonly calls: number
  readonly body: string
}

/** Somebody who can read and write the queue of a cluster, and has seen a batch there. */
export class Forger {
  readonly queue: Queue<unknown>
  /** What it has seen. */
  readonly seen: JobData
  /** The same, read. Modules go by their places in `names`. */
  readonly message: SelfContainedBatch
  readonly names: readonly ModuleName[]
  readonly #key: string | undefined

  private constructor(queue: Queue<unknown>, seen: JobData, key: string | undefined) {
    this.queue = queue
    this.seen = seen
    this.#key = key
    const names: ModuleName[] = []
    const { message } = new Seal(QUEUE, undefined).open('batch', Buffer.from(seen.body, 'base64'))
    this.message = unpackBatch(message!, (name) => `module:${names.push(name) - 1}`)
    this.names = names
  }

  /** Catches a batch of one call before any host does: there must be none. The call is cancelled; its producer lives. */
  static async catch(
    cluster: Cluster,
    executor: Executor,
    call: (job: Held) => unknown,
    key?: string,
  ): Promise<Forger> {
    const queue = new Queue<JobData>(QUEUE, { connection: cluster.client() })
    const job = new Held({ executor })
    const results = job.all(1, call)
    let seen = await queue.getWaiting()
    while (seen.length === 0) seen = await queue.getWaiting()
    job.cancel()
    await results.catch(() => {})
    await queue.obliterate({ force: true })
    return new Forger(queue as Queue<unknown>, seen[0]!.data, key)
  }

  /** The body of a batch that is another one than it has seen. */
  body(change: Partial<SelfContainedBatch>, nameOf = (name: ModuleName): ModuleName => name): string {
    const forged = packBatch({ ...this.message, ...change }, (url) => nameOf(this.names[Number(url.slice(7))]!))
    return new Seal(QUEUE, this.#key).close('batch', forged).toString('base64')
  }

  /** Puts something into the queue. */
  async send(...bodies: readonly string[]): Promise<void> {
    await this.queue.addBulk(bodies.map((body) => ({ name: 'forged', data: { ...this.seen, body } })))
  }

  /** The same, whatever it is. */
  async sendAny(data: readonly unknown[]): Promise<void> {
    await this.queue.addBulk(data.map((data) => ({ name: 'forged', data })))
  }
}
