import type { Redis } from 'ioredis'
import type { Keys } from './keys.js'
import type { UnitRef } from './wire/batch.js'
import { squeeze } from './wire/squeeze.js'
import type { PackedUnit } from './wire/unit.js'

// Units stay in Redis for so long after their last use, in ms; a use is told to Redis so often.
const KEEP = 3_600_000
const REFRESH = 600_000
// Of so many units it is noted when they were used.
const MOST = 10_000

/** The units that a producer has put into Redis, under the hashes of their bytes. */
export class StoredUnits {
  readonly #redis: Redis
  readonly #keys: Keys
  // When Redis heard last of each that may be used again.
  readonly #heardAt = new Map<string, number>()
  // How many batches have each that no other call is to use; two of them may hold the same.
  readonly #passing = new Map<string, number>()

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  async store(units: readonly PackedUnit[]): Promise<void> {
    await Promise.all(
      units.map(({ hash, bytes }) => this.#redis.set(this.#keys.unit(hash), squeeze(bytes), 'PX', KEEP)),
    )
  }

  /** A batch with these is on its way. */
  async use(units: readonly UnitRef[]): Promise<void> {
    const due: string[] = []
    for (const { hash, lasting } of units) {
      const key = this.#keys.unit(hash)
      if (!lasting) this.#passing.set(key, (this.#passing.get(key) ?? 0) + 1)
      else if (!this.#isFresh(key)) due.push(key)
    }
    for (const key of due) this.#note(key)
    await Promise.all(due.map((key) => this.#redis.pexpire(key, KEEP)))
  }

  /** The batch is done. */
  release(units: readonly UnitRef[]): void {
    const gone: string[] = []
    for (const { hash, lasting } of units) {
      if (lasting) continue
      const key = this.#keys.unit(hash)
      const left = (this.#passing.get(key) ?? 1) - 1
      if (left > 0) this.#passing.set(key, left)
      else {
        this.#passing.delete(key)
        if (!this.#heardAt.has(key)) gone.push(key)
      }
    }
    if (gone.length > 0) this.#redis.unlink(...gone).catch(() => {})
  }

  #isFresh(key: string): boolean {
    return performance.now() - (this.#heardAt.get(key) ?? Number.NEGATIVE_INFINITY) < REFRESH
  }

  #note(key: string): void {
    if (this.#heardAt.size >= MOST) this.#heardAt.clear()
    this.#heardAt.set(key, performance.now())
  }
}
