import { Sent } from '../../src/executors/sent.js'
import type { Executor, ExecutorCall } from '../../src/protocol.js'
import { decodeAlone } from '../../src/values/graph.js'
import { Finished } from '../../src/worker/ending.js'
import { Runner } from '../../src/worker/run.js'

/**
 * Runs calls in this thread in a random order, and delivers what came of them in another: with the same snapshots and
 * commits as workers, and every order of completion that they could have.
 */
export function shuffled(seed: number): Executor {
  const random = randomFrom(seed)
  const runner = new Runner(() => undefined)
  const sent = new Sent()
  const waiting: ExecutorCall[] = []
  const done: (() => void)[] = []

  const run = (call: ExecutorCall) => {
    const { routes, units, forget = [] } = sent.pack([call])
    runner.learn(routes, units)
    call.began()
    let deliver: () => void
    try {
      const result = runner.run(
        call.route.id,
        call.units.map(({ id }) => id),
        call.args.slice(),
        call.objects,
        call.recorded,
      )
      deliver = () => (result instanceof Finished ? call.reply(result.reply) : call.succeed(result))
    } catch (error) {
      deliver = () => call.fail(error)
    }
    runner.forget(forget)
    done.push(deliver)
  }
  const take = <T>(list: T[]): T => list.splice(Math.floor(random() * list.length), 1)[0]!
  const step = () => {
    if (done.length > 0 && (waiting.length === 0 || random() < 0.5)) take(done)()
    else if (waiting.length > 0) {
      const call = take(waiting)
      if (!call.isCancelled) run(call)
    }
  }
  let isScheduled = false
  const drainLater = () => {
    if (isScheduled) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      while (waiting.length + done.length > 0) step()
    })
  }
  return {
    name: 'shuffled',
    importsModules: false,
    submit(call) {
      waiting.push(call)
      // Now and then a result is there while the producing loop still runs.
      while (waiting.length + done.length > 0 && random() < 0.3) step()
      drainLater()
    },
    flush: drainLater,
    poll: () => false,
    block() {
      if (waiting.length + done.length === 0) throw new Error('nothing to block for: a call was lost')
      step()
    },
    checkShared(units, tell) {
      const error = runner.checkShared(units)
      tell(error === null ? undefined : decodeAlone(error))
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  }
}

// mulberry32
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296
  }
}
