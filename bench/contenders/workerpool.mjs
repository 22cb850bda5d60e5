import { fileURLToPath } from 'node:url'
import workerpool from 'workerpool'
import { each } from './each.mjs'

export function start(workers) {
  const script = fileURLToPath(new URL('../workers/workerpool.mjs', import.meta.url))
  const pool = workerpool.pool(script, { minWorkers: workers, maxWorkers: workers, workerType: 'thread' })
  return { each: each((method, argument) => pool.exec(method, [argument])) }
}
