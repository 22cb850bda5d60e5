import type { Call } from '../../src/call.js'
import { Sent } from '../../src/executors/sent.js'
import type { Executor, ExecutorCall } from '../../src/protocol.js'
import { Finished } from '../../src/worker/ending.js'
import { Runner } from '../../src/worker/run.js'

/**
 * Runs calls as late as it may, in this thread: none before somebody waits, and then all on the snapshots that they have; what came of
 * them is told one by one, that of the earliest call first.
 */
export function late(): Executor {
  const runner = new Runner(() => undefined)
  const sent = new Sent()
  let waiting: ExecutorCall[] = []
  const done: { readonly number: number; readonly deliver: () => void }[] = []

  const run = (call: ExecutorCall): (() => void) => {
    const { routes, units, forget = [] } = sent.pack([call])
    runner.learn(routes, units)
    const ids = call.units.map(({ id }) => id)
    try {
      const result = runner.run(call.route.id, ids, call.args.slice(), call.objects, call.recorded)
      return () => (result instanceof Finished ? call.reply(result.reply) : call.succeed(result))
    } catch (error) {
      return () => call.fail(error)
    } finally {
      runner.forget(forget)
    }
  }
  return {
    name: 'late',
    importsModules: false,
    submit: (call) => void waiting.push(call),
    flush() {},
    poll: () => false,
    block() {
      const calls = waiting
      waiting = []
      for (const call of calls as Call[]) if (!call.isCancelled) done.push({ number: call.number, deliver: run(call) })
      done.sort((a, b) => a.number - b.number)
      done.shift()?.deliver()
    },
    checkShared: (_, done) => done(),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  }
}
