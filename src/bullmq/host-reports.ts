import type { Redis } from 'ioredis'
import { sizeOf, sizeOfGraph } from '../values/sizes.js'
import { encodeFailure } from '../worker/failure.js'
import { type HostResult, reportOf } from './host-results.js'
import type { Keys } from './keys.js'
import type { ModuleRoot } from './module-root.js'
import { type HostReport, packReport } from './wire/report.js'
import { checkLength, type Seal } from './wire/seal.js'

// Reports that nobody fetches are gone after so long, in ms.
const KEEP = 3_600_000

/** The batch of which something is said. */
export interface BatchName {
  readonly producer: string
  readonly number: number
}

/** Who says something, and with what. */
export interface Reporter {
  readonly id: string
  readonly lanes: number
  readonly redis: Redis
  readonly keys: Keys
  readonly root: ModuleRoot
  readonly seal: Seal
  /** How long a call of a route takes, in ms, as far as it is known. */
  mean(route: number): number | undefined
}

/** What a host says of batches, to those who sent them. */
export class HostReports {
  readonly #by: Reporter

  constructor(by: Reporter) {
    this.#by = by
  }

  /** Tells what came of calls of a batch that has `all`. */
  async tell(
    name: BatchName,
    results: readonly HostResult[],
    { all, isLast, written = [] }: { all: number; isLast: boolean; written?: HostReport['written'] },
  ): Promise<void> {
    const part = reportOf(results, all, (route) => this.#by.mean(route) ?? 0)
    let sealed: Buffer
    try {
      sealed = this.#pack(name, { ...part, isLast, written })
    } catch (error) {
      await this.#tellInParts(name, results, { all, isLast, written }, error)
      return
    }
    await this.#send(name, sealed)
  }

  /** Tells why a batch is not run. `isDivisible`: nothing of it was. */
  async refuse(name: BatchName, why: unknown, isDivisible = true): Promise<void> {
    const refused = why === 'units missing' ? why : { error: encodeFailure(why), isDivisible }
    await this.#send(name, this.#pack(name, { ...NOTHING, isLast: true, refused }))
  }

  // What is too long is told in two parts; of one call that cannot be told of, this is told.
  async #tellInParts(
    name: BatchName,
    results: readonly HostResult[],
    { all, isLast, written }: { all: number; isLast: boolean; written: HostReport['written'] },
    error: unknown,
  ): Promise<void> {
    const [first] = results
    if (first === undefined || (results.length === 1 && 'failure' in first)) throw error
    if (results.length === 1) {
      const { place, route } = first
      await this.tell(name, [{ place, route, failure: encodeFailure(error) }], { all, isLast, written })
      return
    }
    const half = results.length >> 1
    await this.tell(name, results.slice(0, half), { all, isLast: false })
    await this.tell(name, results.slice(half), { all, isLast, written })
  }

  #pack({ producer, number }: BatchName, content: Omit<HostReport, 'producer' | 'batch' | 'host' | 'lanes'>): Buffer {
    const { id, lanes, root, seal } = this.#by
    checkLength('report', sizeOfReport(content))
    const report = { ...content, producer, batch: number, host: id, lanes }
    return seal.close(
      'report',
      packReport(report, (url) => root.nameOf(url)),
    )
  }

  async #send({ producer, number }: BatchName, sealed: Buffer): Promise<void> {
    const { redis, keys } = this.#by
    const key = keys.reports(producer)
    await Promise.all([redis.xadd(key, '*', 'batch', String(number), 'report', sealed), redis.pexpire(key, KEEP)])
  }
}

const NOTHING = { places: [], values: [], replies: [], failures: [], times: 0, written: [] } as const

// Before memory is spent on what is too long.
function sizeOfReport({ values, replies }: Pick<HostReport, 'values' | 'replies'>): number {
  let size = 0
  for (const value of values) size += sizeOf(value)
  for (const [, { encoded }] of replies) size += sizeOfGraph(encoded)
  return size
}
