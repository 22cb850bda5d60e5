import { type BullmqOptions, bullmq } from '../../src/bullmq/index.js'
import type { Executor } from '../../src/index.js'
import { HostProcess, ROOT } from './host-process.js'
import { Redis } from './redis.js'

/** A Redis and hosts that serve one queue of it, each a process of its own. */
export class Cluster {
  readonly redis: Redis
  readonly hosts: readonly HostProcess[]

  private constructor(redis: Redis, hosts: readonly HostProcess[]) {
    this.redis = redis
    this.hosts = hosts
  }

  /** Starts one with so many hosts of one lane each. */
  static async start(hosts: number): Promise<Cluster> {
    const redis = await Redis.start()
    const { connection } = redis
    const options = { connection, queue: QUEUE, root: ROOT, concurrency: 1 }
    return new Cluster(redis, await Promise.all(Array.from({ length: hosts }, () => HostProcess.start(options))))
  }

  /** An executor that runs calls there. */
  executor(options: Partial<BullmqOptions> = {}): Executor {
    return bullmq({ connection: this.redis.connection, queue: QUEUE, root: ROOT, ...options })
  }

  async close(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.close()))
    await this.redis.close()
  }
}

const QUEUE = 'test'
