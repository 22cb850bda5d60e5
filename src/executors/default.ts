import { COPY, type Copy, MADE_BY, ONE_COPY } from '../copies.js'
import type { Executor } from '../protocol.js'
import { inline } from './inline.js'
import { processes } from './processes.js'
import { threads } from './threads.js'

let configured: Executor | undefined
let chosen: Executor | undefined

/**
 * Sets what the whole process uses by default.
 * @param options `executor`: where the calls run of jobs that are not given one of their own
 * @throws {TypeError} if it is no executor
 * @example
 * configure({ executor: threads({ workers: 4 }) })
 */
export function configure({ executor }: { readonly executor: Executor }): void {
  configured = checkExecutor(executor, 'configure({ executor })')
}

/** What jobs use that are given no executor: the configured one, the one that `DECO_EXECUTOR` names, or threads. */
export function defaultExecutor(): Executor {
  if (configured !== undefined) return configured
  chosen ??= fromEnvironment()
  return chosen
}

/** @throws {TypeError} for anything that is no executor, or one of another copy of this package */
export function checkExecutor(executor: Executor, what: string): Executor {
  if (typeof executor?.submit === 'function') {
    const { [MADE_BY]: copy = COPY } = executor as { readonly [MADE_BY]?: Copy }
    if (copy === COPY) return executor
    throw new TypeError(
      `Cannot use this executor for ${what}: it was made by another copy of deco-ts, ${copy.url}, whose workers do not know the ` +
        `classes of this one, ${COPY.url}. Way out: ${ONE_COPY}.`,
    )
  }
  throw new TypeError(
    `Cannot use ${String(executor)} for ${what}: it must be an executor, such as threads(), processes() or inline().`,
  )
}

function fromEnvironment(): Executor {
  const { DECO_EXECUTOR: name = '' } = process.env
  if (name === '' || name === 'threads') return threads()
  if (name === 'processes') return processes()
  if (name === 'inline') return inline()
  throw new RangeError(`Cannot use DECO_EXECUTOR=${name}: it must be threads, processes or inline.`)
}
