import { availableParallelism } from 'node:os'
import { checkPeers } from './peers.js'
import { checkQueueOptions } from './queue-options.js'
import type { HostEvent, HostHandle, ServeOptions } from './serve-options.js'

/**
 * Makes this process a host: it runs the calls that others make with `bullmq()` on the same queue.
 * @returns the host, once it takes batches
 * @throws {TypeError | RangeError} for options that cannot be used
 * @throws {DecoError} if a package that it needs is not installed, or Redis does not let it in; one that cannot be reached is waited for
 * @example
 * const host = await serve({ connection: { host: 'redis.internal' }, queue: 'climate', root: 'dist' })
 */
export async function serve(options: ServeOptions): Promise<HostHandle> {
  checkPeers('serve()')
  checkQueueOptions('serve', options)
  const { concurrency = availableParallelism(), prefix = 'bull', deadAfter = 15_000, log = print } = options
  if (typeof options.root !== 'string')
    throw new TypeError('Cannot use serve() without { root }: the folder of the modules.')
  if (!Number.isSafeInteger(concurrency) || concurrency <= 0)
    throw new RangeError(`Cannot use ${concurrency} for serve({ concurrency }): it must be a positive whole number.`)
  if (!Number.isSafeInteger(deadAfter) || deadAfter < 300)
    throw new RangeError(
      `Cannot use ${deadAfter} for serve({ deadAfter }): it must be a whole number of milliseconds, 300 at least.`,
    )
  // The packages that it takes need not be there for anything else.
  const { Host } = await import('./host.js')
  const host = new Host({ ...options, concurrency, prefix, deadAfter, log })
  try {
    await host.start()
  } catch (error) {
    await host.close({ within: 0 })
    throw error
  }
  return host
}

function print({ event, host, message }: HostEvent): void {
  process.stderr.write(`${host} ${event}: ${message}\n`)
}
