import { type CallTrace, channels } from '../../src/channels.js'
import type { Numbers } from '../fixtures/numbers.js'

/** Blocks until `other` is done as soon as a call of `job` is over; tells how often. */
export function blockingListener(job: Numbers, other: Numbers): Disposable & { readonly times: number } {
  const asyncEnd = (trace: unknown) => {
    if ((trace as CallTrace).job !== job) return
    blocked.times++
    other.waitSync()
  }
  channels.call.asyncEnd.subscribe(asyncEnd)
  const blocked = { times: 0, [Symbol.dispose]: () => void channels.call.asyncEnd.unsubscribe(asyncEnd) }
  return blocked
}
