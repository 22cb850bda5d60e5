import type { RedisOptions } from 'ioredis'

/** Which queue to use: the same on all machines of a cluster. */
export interface QueueOptions {
  /**
   * How to reach Redis, as `ioredis` takes it: a URL, or options with host, port, credentials, `tls` and so on. What a thread cannot
   * be given, such as functions or a client that is connected already, cannot be used.
   */
  readonly connection: string | RedisOptions
  /** Name of the BullMQ queue. */
  readonly queue: string
  /** What the names of all keys in Redis begin with. Default: `bull`, as for BullMQ itself. */
  readonly prefix?: string
  /**
   * A secret that all machines of the cluster share, of 16 bytes at least: messages are signed with it, and others are refused. What
   * was signed once can be put into the queue again by whoever can write to Redis: calls then run again, as they do when a host dies,
   * but no result is taken twice, or by another program. Messages are not encrypted: who can read Redis reads arguments and results.
   * Default: messages are not signed, and whoever can write to Redis can have hosts run any registered method.
   */
  readonly sign?: string | Uint8Array
}

/** @throws {TypeError | RangeError} for options that cannot be used */
export function checkQueueOptions(what: string, { connection, queue, prefix, sign }: QueueOptions): void {
  if (typeof connection !== 'string' && (typeof connection !== 'object' || connection === null))
    throw new TypeError(
      `Cannot use ${String(connection)} for ${what}({ connection }): it must be a URL, or options of ioredis.`,
    )
  for (const [option, value] of [['queue', queue] as const, ['prefix', prefix ?? 'bull'] as const]) {
    // BullMQ puts colons between the parts of its keys.
    if (typeof value !== 'string' || value === '' || (option === 'queue' && value.includes(':')))
      throw new TypeError(`Cannot use ${String(value)} for ${what}({ ${option} }): it must be a name, without colons.`)
  }
  if (sign !== undefined && Buffer.from(sign).length < 16)
    throw new RangeError(
      `Cannot use the key given to ${what}({ sign }): it must have 16 bytes at least. Way out: randomBytes(32).`,
    )
}
