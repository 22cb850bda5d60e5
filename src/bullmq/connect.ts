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
  const line: Line = { copies: [], isOver: false }
  const usual = {
    socketTimeout: SILENCE,
    retryStrategy: (times: number) => (line.isOver ? null : Math.min(50 * times, MOST_DELAY)),
  }
  // BullMQ wants it so: a command that waits is not lost.
  const always = { maxRetriesPerRequest: null, ...ANSWERS }
  const redis =
    typeof connection === 'string'
      ? new Redis(connection, { ...usual, ...always })
      : new Redis({ ...usual, ...(connection as PlainOptions), ...always })
  redis.on('error', onError)
  lines.set(redis, line)
  const duplicate = redis.duplicate.bind(redis)
  redis.duplicate = (...options) => {
    const copy = duplicate(...options)
    line.copies.push(copy)
    return copy
  }
  return redis
}

/** A connection's copies, which BullMQ makes of what it is given, and whether nobody needs them any more. */
interface Line {
  readonly copies: Redis[]
  isOver: boolean
}

const lines = new WeakMap<Redis, Line>()

/** Ends a connection and its copies, whatever state they are in. Those who wait for an answer are told. */
export function hangUp(redis: Redis): void {
  const line = lines.get(redis)!
  line.isOver = true
  for (const each of [redis, ...line.copies]) {
    // One that is about to be made again would not tell those who wait for it: it does when that fails.
    if (each.status === 'reconnecting')
      each.connect().then(
        () => each.disconnect(),
        () => {},
      )
    // One that has ended would wait for the end of its stream, which has been.
    else if (each.status !== 'end') each.disconnect()
  }
}

/** Where a connection leads, without secrets. */
export function placeOf({ options }: Redis): string {
  return options.path ?? `${options.host}:${options.port}`
}
