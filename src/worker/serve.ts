import { setImmediate as turn } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import { EntryModuleError } from '../errors.js'
import type { Batch, Numbered, Report } from '../protocol.js'
import type { Starts } from '../starts.js'
import { checkBatch } from './check-batch.js'
import { becomeWorker } from './context.js'
import { encodeFailure } from './failure.js'
import { importClass } from './modules.js'
import { Outbox } from './outbox.js'
import { Runner } from './run.js'

// Timers, streams and other work that calls left behind get a turn at least this often, in ms.
const TURN_AFTER = 20

// Where there are as many workers as processors, the main thread that a report wakes may have to wait for the end of a worker's
// time slice, some ms. After a call that was longer than that, in ms, a worker rests for a moment and hands its processor over; a
// rest costs half a millisecond, too much between short calls.
const SLICE = 3
const REST = new Int32Array(new SharedArrayBuffer(4))

/** What connects a worker with its lane. */
export interface Connection {
  readonly inbox: {
    /** The next batch if it is there. */
    poll(): Batch | undefined
    /** The next batch, whenever it comes. */
    next(): Promise<Batch>
  }
  readonly starts: Starts
  send(report: Numbered<Report>): void
  /** Results wait for others for so many ms. Default: a moment. */
  readonly reportAfter?: number | undefined
  /** Bytes of memory above which the worker asks to be replaced. */
  readonly recycleAbove?: number | undefined
}

/** The worker's side of a lane: one task of the pool, which lasts until its worker is stopped. */
export async function serve({ inbox, starts, send, reportAfter, recycleAbove }: Connection): Promise<never> {
  becomeWorker((fraction) => outbox.step(fraction))
  process.on('unhandledRejection', (reason) => {
    // An entry script that started a job while it was imported here: the calls that asked for the import are told.
    if (!(reason instanceof EntryModuleError)) throw reason
  })
  const runner = new Runner(importClass)
  let posted = 0
  let reported = 0
  let received = 0
  const post = (report: Report) => {
    send({ ...report, number: reported++ })
    const now = performance.now()
    if (now - posted > SLICE * report.values.length && report.values.length > 0) Atomics.wait(REST, 0, 0, 0.02)
    posted = now
  }
  const control = (report: Partial<Report>) => post({ values: [], times: 0, ...report })
  const outbox = new Outbox(runner, starts, post, {
    reportAfter,
    isFull: () => recycleAbove !== undefined && memory() > recycleAbove,
  })
  // Whoever waits may be blocked, and hears of no event: what ends this worker is told the way that results are.
  let uncaught: readonly [unknown] | undefined
  process.on('uncaughtExceptionMonitor', (error) => {
    uncaught = [error]
  })
  process.on('exit', (exitCode) => {
    outbox.flush()
    control({ last: { exitCode, ...(uncaught && { error: encodeFailure(uncaught[0]) }) } })
  })
  let turned = performance.now()
  for (;;) {
    let batch = inbox.poll()
    if (batch === undefined || performance.now() - turned > TURN_AFTER) {
      await turn()
      batch ??= await inbox.next()
      turned = performance.now()
    }
    checkBatch(batch, received++)
    if (batch.calls > 0) starts.arrive(batch.slot)
    const learning = runner.learn(batch.routes, batch.units)
    if (learning !== undefined) await learning
    if (batch.routes !== undefined) control({})
    const running = outbox.run(batch)
    if (running !== undefined) await running
    if (batch.check !== undefined) control({ checked: runner.checkShared(batch.check) })
    if (batch.forget !== undefined) runner.forget(batch.forget)
  }
}

// What this worker holds: its heap, with what is garbage and not collected yet, and memory outside of it, such as buffers.
function memory(): number {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}
