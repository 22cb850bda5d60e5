import type { Executor, ExecutorCall } from '../../src/protocol.js'

/** An executor that counts the calls that it is given a second time. */
export type Counted = Executor & { readonly reran: number }

export function counting(executor: Executor): Counted {
  const submitted = new WeakSet<ExecutorCall>()
  let reran = 0
  return {
    name: executor.name,
    importsModules: executor.importsModules,
    get reran() {
      return reran
    },
    submit(call) {
      if (submitted.has(call)) reran++
      submitted.add(call)
      executor.submit(call)
    },
    flush: () => executor.flush(),
    poll: () => executor.poll(),
    block: (milliseconds) => executor.block(milliseconds),
    checkShared: (units, done) => executor.checkShared(units, done),
    close: () => executor.close(),
    [Symbol.asyncDispose]: () => executor[Symbol.asyncDispose](),
  }
}
