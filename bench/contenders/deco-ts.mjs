import { Calls } from '../../build/bench/jobs/calls.js'
import { threads } from '../../dist/index.js'

export function start(workers, options) {
  // Workers of the others do not stop either while they wait for their turn.
  const executor = threads({ workers, idleTimeout: Number.POSITIVE_INFINITY, ...options })
  return {
    each: async (method, list, onFirst) => (await new Calls({ executor }).each(method, list, onFirst)).values(),
    pass: (calls) => new Calls({ executor }).pass(calls),
  }
}
