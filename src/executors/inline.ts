import { sinceBoot } from '../clock.js'
import { COPY, MADE_BY } from '../copies.js'
import { PendingReadError } from '../errors.js'
import type { Executor, ExecutorCall } from '../protocol.js'
import { Queue } from '../queue.js'
import { decodeAlone } from '../values/graph.js'
import { Finished } from '../worker/ending.js'
import { Runner } from '../worker/run.js'
import { closedError } from './deaths.js'
import { Sent } from './sent.js'

/**
 * Runs calls in this thread, one after the other, with the same snapshots and commits as in workers: for tests, for
 * debugging, and where threads are not to be had.
 * @example
 * const climate = new Climate({ executor: inline() })
 */
export function inline(): Executor {
  return new Inline()
}

class Inline implements Executor {
  readonly [MADE_BY] = COPY
  readonly name = 'inline'
  readonly importsModules = false
  // The program's own classes are here already.
  readonly #runner = new Runner(() => undefined)
  readonly #sent = new Sent()
  readonly #waiting = new Queue<ExecutorCall>()
  // An async call that is under way.
  #running: ExecutorCall | undefined
  #isClosed = false

  submit(call: ExecutorCall): void {
    if (this.#isClosed) {
      call.fail(closedError(call))
      return
    }
    this.#waiting.push(call)
    if (this.#waiting.length === 1) queueMicrotask(() => this.#drain())
  }

  flush(): void {
    this.#drain()
  }

  poll(): boolean {
    const before = this.#waiting.length
    this.#drain()
    return this.#waiting.length < before
  }

  block(): void {
    if (this.poll()) return
    throw new PendingReadError(
      'Cannot block on an async concurrent method under inline(): it needs the thread that would be blocked. Make the ' +
        '@synchronized method async, or use threads().',
    )
  }

  checkShared(units: readonly number[], done: (error?: unknown) => void): void {
    const error = this.#runner.checkShared(units)
    done(error === null ? undefined : decodeAlone(error))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const open = this.#waiting.take(this.#waiting.length)
    if (this.#running !== undefined) open.unshift(this.#running)
    this.#running = undefined
    for (const call of open) call.fail(closedError(call))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  // Calls run in order; while an async one is under way, the next waits.
  #drain(): void {
    while (this.#running === undefined && this.#waiting.length > 0) {
      const call = this.#waiting.shift()!
      if (call.isCancelled) continue
      const result = this.#start(call)
      if (!(result instanceof Promise)) continue
      this.#running = call
      void result.then((value) => {
        if (this.#isClosed) return
        this.#running = undefined
        settle(call, value)
        this.#drain()
      })
    }
  }

  #start(call: ExecutorCall): Promise<unknown> | undefined {
    const { routes, units, forget = [] } = this.#sent.pack([call])
    this.#runner.learn(routes, units)
    const ids = call.units.map(({ id }) => id)
    const began = call.trace && sinceBoot()
    const ran = () => began !== undefined && call.ran?.(0, 0, Float64Array.of(began, sinceBoot()), 0)
    let result: unknown
    try {
      const onStep = call.progressed && ((fraction: number) => call.progressed!(fraction))
      result = this.#runner.run(call.route.id, ids, call.args.slice(), call.objects, call.recorded, onStep)
    } catch (error) {
      this.#runner.forget(forget)
      call.fail(error)
      return undefined
    }
    if (result instanceof Promise)
      return result.finally(() => {
        ran()
        this.#runner.forget(forget)
      })
    ran()
    settle(call, result)
    this.#runner.forget(forget)
    return undefined
  }
}

function settle(call: ExecutorCall, result: unknown): void {
  if (result instanceof Finished) call.reply(result.reply)
  else call.succeed(result)
}
