import { Redis, type RedisOptions } from 'ioredis'
import type { QueueOptions } from './queue-options.js'

// A connection that does not answer for so long, in ms, is cut and made anew: a network may go without a word.
const SILENCE = 20_000
// After so long, in ms, at most, another attempt to connect is made.
const MOST_DELAY = 1000

// Answers have the same form whichever version of the client it is: 6 would ask for maps.
const ANSWERS = { protocol: 2 } as const

// Its types let an option be `undefined` in one place, and not in another.
type PlainOptions = Omit<RedisOptions, 'replyMapping'>

/** A connection to Redis, which is made again whenever it breaks; commands wait for it. Errors go to `onError`. */
export function connect(connection: QueueOptions['connection'], onError: (error: Error) => void): Redis {
  const usual = {
    socketTimeout: SILENCE,
    retryStrategy: (times: number) => Math.min(50 * times, MOST_DELAY),
  }
  // BullMQ wants it so: a command that waits is not lost.
  const always = { maxRetriesPerRequest: null, ...ANSWERS }
  const redis =
    typeof connection === 'string'
      ? new Redis(connection, { ...usual, ...always })
      : new Redis({ ...usual, ...(connection as PlainOptions), ...always })
  redis.on('error', onError)
  return redis
}

/** Where a connection leads, without secrets. */
export function placeOf({ options }: Redis): string {
  return options.path ?? `${options.host}:${options.port}`
}
