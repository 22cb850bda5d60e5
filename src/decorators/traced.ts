import { channels, type SynchronizedTrace } from '../channels.js'
import { time } from '../clock.js'

/** Runs a synchronized method, and tells those who listen when it begins and when it is over. */
export function traced(job: object, name: string, run: () => unknown): unknown {
  const trace: SynchronizedTrace = { job, method: `${job.constructor.name}.${name}`, began: time() }
  channels.synchronized.start.publish(trace)
  let result: unknown
  try {
    result = run()
  } catch (error) {
    failed(trace, error)
    throw error
  }
  if (result instanceof Promise) return settled(trace, result)
  over(trace)
  return result
}

async function settled(trace: SynchronizedTrace, result: Promise<unknown>): Promise<unknown> {
  let value: unknown
  try {
    value = await result
  } catch (error) {
    failed(trace, error)
    throw error
  }
  over(trace)
  return value
}

function failed(trace: SynchronizedTrace, error: unknown): void {
  trace.error = error
  channels.synchronized.error.publish(trace as SynchronizedTrace & { error: unknown })
  over(trace)
}

function over(trace: SynchronizedTrace): void {
  trace.over = time()
  channels.synchronized.asyncEnd.publish(trace)
}
