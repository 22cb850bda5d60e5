import { Sent } from '../../src/executors/sent.js'
import type { ExecutorCall, Report } from '../../src/protocol.js'
import { SharedStarts } from '../../src/starts.js'
import { Outbox } from '../../src/worker/outbox.js'
import { Runner } from '../../src/worker/run.js'
import { Numbers } from '../fixtures/numbers.js'

/** What a worker pays for a call besides its method, in ms: its side of a lane, run in this thread. */
export function runInPlace(calls: number): number {
  const taken: ExecutorCall[] = []
  const job = new Numbers({
    executor: {
      name: 'in place',
      importsModules: false,
      submit: (call) => taken.push(call),
      flush() {},
      poll: () => false,
      block() {
        for (const call of taken.splice(0)) call.succeed(undefined)
      },
      checkShared: (_, done) => done(),
      close: async () => {},
      [Symbol.asyncDispose]: async () => {},
    },
  })
  let time = 0
  job.block(() => {
    for (let n = 0; n < calls; n++) job.nothing(n)
    const runner = new Runner(() => undefined)
    const batch = new Sent().pack(taken)
    void runner.learn(batch.routes, batch.units)
    const outbox = new Outbox(runner, new SharedStarts(), (_: Report) => {})
    // Twice, so that the second time tells what the engine makes of it.
    for (let round = 0; round < 2; round++) {
      const start = performance.now()
      void outbox.run({ ...batch, slot: round })
      time = performance.now() - start
    }
  })
  return time / calls
}
