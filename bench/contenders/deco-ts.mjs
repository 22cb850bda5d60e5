import { Calls } from '../../build/bench/jobs.js'
import { threads } from '../../dist/index.js'

export function start(workers, options) {
  const executor = threads({ workers, ...options })
  return {
    each: async (method, list, onFirst) => (await new Calls({ executor }).each(method, list, onFirst)).values(),
  }
}
