import type { ResourceLimits } from 'node:worker_threads'
import type { Executor } from '../protocol.js'
import { LaneExecutor } from './lane-executor.js'
import { startProcess } from './start-process.js'
import type { WorkerOptions } from './worker-options.js'

/** Options of `processes()`. */
export interface ProcessesOptions extends WorkerOptions {
  /** Memory limits of each worker, in MB. Default: those of Node.js. */
  readonly resourceLimits?: Pick<ResourceLimits, 'maxOldGenerationSizeMb' | 'maxYoungGenerationSizeMb'>
}

/**
 * Runs calls in processes of their own: for methods that may crash their process, or need memory of their own. A call costs more
 * than with `threads()`, and what goes to a worker is copied: a SharedArrayBuffer or a MessagePort is refused, a buffer that
 * is passed through `move()` is taken away from the caller, and copied all the same. Processes start with the first calls, never
 * keep the program alive by themselves, and end with it, however it ends. They ignore SIGINT, which a terminal sends to
 * all processes of a program.
 * @throws {RangeError} if `workers`, `batch`, `maxPending` or `recycleAbove` is not a positive whole number, or `idleTimeout` not a
 *   time
 * @example
 * class Thumbnails extends Job { … }
 * const thumbnails = new Thumbnails({ executor: processes({ workers: 4 }) })
 */
export function processes(options: ProcessesOptions = {}): Executor {
  const { maxOldGenerationSizeMb, maxYoungGenerationSizeMb } = options.resourceLimits ?? {}
  const limits = [
    ...(maxOldGenerationSizeMb === undefined ? [] : [`--max-old-space-size=${maxOldGenerationSizeMb}`]),
    // The young generation is three semi-spaces large.
    ...(maxYoungGenerationSizeMb === undefined
      ? []
      : [`--max-semi-space-size=${Math.ceil(maxYoungGenerationSizeMb / 3)}`]),
  ]
  const worker = {
    recycleAbove: options.recycleAbove,
    execArgv: [...(options.execArgv ?? inherited(process.execArgv)), ...limits],
    env: { ...((options.env ?? process.env) as Record<string, string>) },
  }
  return new LaneExecutor({ name: 'processes', isApart: true, start: (setup) => startProcess(setup, worker) }, options)
}

// What tells Node.js which program to run, or has it debugged, is not for workers.
function inherited(execArgv: readonly string[]): string[] {
  return execArgv.filter(
    (option, i) => !NOT_FOR_WORKERS.test(option) && !/^(-e|-p|-pe|--eval|--print)$/.test(execArgv[i - 1] ?? ''),
  )
}

const NOT_FOR_WORKERS = /^(-e|-p|-pe|--eval|--print|--input-type|--inspect|--watch|--test)/
