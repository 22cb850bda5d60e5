import type { Redis } from 'ioredis'
import { hangUp } from './connect.js'

// So many messages are taken at once.
const AT_ONCE = 64
// An answer comes at least this often, in ms, so that a connection that is dead is noticed.
const AT_LEAST_EVERY = 5000
// After an error, in ms.
const PAUSE = 200

/** A message of a stream. */
export interface Arrived {
  readonly batch: number
  readonly sealed: Buffer
}

/**
 * Takes the messages of a stream as they come. A message is taken off the stream only after it has been handed on: one may come
 * twice, when a connection breaks in between, and none is lost.
 */
export class ReportStream {
  readonly #redis: Redis
  readonly #key: string
  readonly #take: (arrived: Arrived) => void
  #isClosed = false

  /** `redis` is a connection that nobody else uses: it is blocked most of the time. */
  constructor(redis: Redis, key: string, take: (arrived: Arrived) => void) {
    this.#redis = redis
    this.#key = key
    this.#take = take
    void this.#read()
  }

  close(): void {
    this.#isClosed = true
    hangUp(this.#redis)
  }

  async #read(): Promise<void> {
    while (!this.#isClosed) {
      try {
        const block = ['COUNT', AT_ONCE, 'BLOCK', AT_LEAST_EVERY, 'STREAMS', this.#key, '0'] as const
        const entries = entriesIn(await this.#redis.callBuffer('XREAD', ...block))
        for (const { arrived } of entries) if (arrived !== undefined) this.#take(arrived)
        // On one connection commands are done in their order: what has been taken is gone before the next look.
        if (entries.length > 0) this.#redis.xdel(this.#key, ...entries.map(({ id }) => id)).catch(() => {})
      } catch {
        // The connection is being made again; the next command waits for that.
        if (!this.#isClosed) await new Promise((resolve) => setTimeout(resolve, PAUSE))
      }
    }
  }
}

interface Entry {
  readonly id: Buffer
  readonly arrived: Arrived | undefined
}

// What XREAD answers: streams with their entries, each with its fields and values in one list.
function entriesIn(answer: unknown): Entry[] {
  if (!Array.isArray(answer)) return []
  const [[, entries]] = answer as [[unknown, [Buffer, Buffer[]][]]]
  return entries.map(([id, fields]) => {
    const [, batch, , sealed] = fields
    return { id, arrived: sealed === undefined ? undefined : { batch: Number(batch), sealed } }
  })
}
