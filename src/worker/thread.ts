import { setImmediate as turn } from 'node:timers/promises'
import type { MessagePort } from 'node:worker_threads'
import { EntryModuleError } from '../errors.js'
import type { Batch, LaneSetup, Report } from '../protocol.js'
import { Starts } from '../starts.js'
import { becomeWorker } from './context.js'
import { Inbox } from './inbox.js'
import { importClass } from './modules.js'
import { Outbox } from './outbox.js'
import { Runner } from './run.js'

// Timers, streams and other work that calls left behind get a turn at least this often, in ms.
const TURN_AFTER = 20

/** The worker's side of a lane: one task of the pool, which lasts until its worker is stopped. */
export default async function lane({ port, asked, starts, answered }: LaneSetup<MessagePort>): Promise<void> {
  becomeWorker()
  process.on('unhandledRejection', (reason) => {
    // An entry script that started a job while it was imported here: the calls that asked for the import are told.
    if (!(reason instanceof EntryModuleError)) throw reason
  })
  const inbox = new Inbox<Batch>(port, asked)
  const runner = new Runner(importClass)
  const post = (report: Report) => {
    port.postMessage(report)
    Atomics.add(answered, 0, 1)
    Atomics.notify(answered, 0)
  }
  const outbox = new Outbox(runner, new Starts(starts), post)
  let turned = performance.now()
  for (;;) {
    let batch = inbox.poll()
    if (batch === undefined || performance.now() - turned > TURN_AFTER) {
      await turn()
      batch ??= await inbox.next()
      turned = performance.now()
    }
    const learning = runner.learn(batch.routes, batch.units)
    if (learning !== undefined) await learning
    if (batch.routes !== undefined) post({ values: [], times: 0 })
    const running = outbox.run(batch)
    if (running !== undefined) await running
    if (batch.check !== undefined) post({ values: [], times: 0, checked: runner.checkShared(batch.check) })
    if (batch.forget !== undefined) runner.forget(batch.forget)
  }
}
