import { processes } from '../../executors/processes.js'
import { threads } from '../../executors/threads.js'
import type { Executor } from '../../index.js'
import { type Finding, finding } from './finding.js'

/** What calls cost here. */
export interface Cost {
  readonly executor: string
  /** From the start of a worker to the result of its first call, in ms. */
  readonly coldStart: number
  /** Of a call that does nothing, in µs: the median of some rounds. */
  readonly call: number
}

const ROUNDS = 5
const CALLS = 5000

/** Measures one worker of the default executor, within `limit` ms; or tells what keeps it from running any call. */
export async function measure(limit: number, env = process.env): Promise<Cost | Finding> {
  let timer: NodeJS.Timeout | undefined
  let executor: Executor | undefined
  try {
    executor = env.DECO_EXECUTOR === 'processes' ? processes({ workers: 1 }) : threads({ workers: 1 })
    return await Promise.race([
      costs(executor),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no call came back within ${limit} ms`)), limit)
      }),
    ])
  } catch (error) {
    return finding(
      'executor-fails',
      null,
      `A worker of deco-ts itself cannot run a call: ${(error as Error).message}`,
      'the options of Node.js that workers inherit (NODE_OPTIONS), the memory and the processes that the machine allows, and a fresh npm install',
    )
  } finally {
    clearTimeout(timer)
    await executor?.close()
  }
}

async function costs(executor: Executor): Promise<Cost> {
  const { Tiny } = await import('./tiny.js')
  const job = new Tiny({ executor })
  const started = performance.now()
  await job.call(0)
  const coldStart = performance.now() - started
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now()
    for (let n = 0; n < CALLS; n++) void job.call(n)
    await job.wait()
    rounds.push(((performance.now() - begun) * 1000) / CALLS)
  }
  return { executor: executor.name, coldStart, call: rounds.sort((a, b) => a - b)[ROUNDS >> 1]! }
}
