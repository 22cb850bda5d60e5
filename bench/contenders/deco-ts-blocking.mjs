import { Calls } from '../../build/bench/jobs.js'
import { threads } from '../../dist/index.js'

export function start(workers, options) {
  const executor = threads({ workers, ...options })
  return {
    each: (method, list, onFirst) => new Calls({ executor }).eachBlocking(method, list, onFirst).values(),
  }
}
