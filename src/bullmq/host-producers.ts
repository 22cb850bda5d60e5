import type { Redis } from 'ioredis'
import type { Keys } from './keys.js'

// A producer that was alive is not asked for again sooner, in ms.
const TRUSTED = 5000

/** Somebody whose batches a host runs. */
export interface KnownProducer {
  /** Stands for all its calls: they take turns with those of others. */
  readonly job: object
  seenAt: number
}

/** Those whose batches a host runs, as long as they live. */
export class HostProducers {
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #known = new Map<string, KnownProducer>()

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  /** `undefined` for one that is gone. */
  async get(id: string): Promise<KnownProducer | undefined> {
    const known = this.#known.get(id)
    if (known !== undefined && performance.now() - known.seenAt < TRUSTED) return known
    if ((await this.#redis.exists(this.#keys.producer(id))) === 0) {
      this.#known.delete(id)
      return undefined
    }
    const producer = this.#known.get(id) ?? { job: {}, seenAt: 0 }
    producer.seenAt = performance.now()
    this.#known.set(id, producer)
    return producer
  }

  /** Forgets those that are gone. */
  async sweep(): Promise<void> {
    for (const id of this.#known.keys()) await this.get(id)
  }
}
