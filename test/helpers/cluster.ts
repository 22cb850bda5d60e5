import { Redis as Client } from 'ioredis'
import { type BullmqOptions, bullmq } from '../../src/bullmq/index.js'
import type { Executor } from '../../src/index.js'
import { type HostOptions, HostProcess, ROOT } from './host-process.js'
import { Redis } from './redis.js'

/** What all members of a cluster have in common, and what its hosts are started with besides. */
export interface ClusterOptions {
  readonly hosts: number
  /** Whether Redis has its data again when it is started again. Default: false. */
  readonly durable?: boolean
  /** What each of them is started with. */
  readonly host?: Partial<HostOptions>
}

/** A Redis and hosts that serve one queue of it, each a process of its own. */
export class Cluster {
  readonly redis: Redis
  readonly hosts: HostProcess[] = []
  readonly #options: Partial<HostOptions>
  readonly #clients: Client[] = []

  private constructor(redis: Redis, options: Partial<HostOptions>) {
    this.redis = redis
    this.#options = options
  }

  /** Starts one with hosts of one lane each. */
  static async start({ hosts, durable = false, host = {} }: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(await Redis.start({ durable }), host)
    await Promise.all(Array.from({ length: hosts }, () => cluster.join()))
    return cluster
  }

  /** Starts one more host. */
  async join(options: Partial<HostOptions> = {}): Promise<HostProcess> {
    const { connection } = this.redis
    const host = { connection, queue: QUEUE, root: ROOT, concurrency: 1, ...this.#options, ...options }
    const started = await HostProcess.start(host)
    this.hosts.push(started)
    return started
  }

  /** An executor that runs calls there. */
  executor(options: Partial<BullmqOptions> = {}): Executor {
    return bullmq({ connection: this.redis.connection, queue: QUEUE, root: ROOT, ...options })
  }

  /** A client of its Redis, which goes with it. */
  client(): Client {
    const client = new Client(this.redis.connection)
    this.#clients.push(client)
    return client
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect()
    await Promise.all(this.hosts.map((host) => host.close()))
    await this.redis.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

export const QUEUE = 'test'
