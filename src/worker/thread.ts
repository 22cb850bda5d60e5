import type { MessagePort } from 'node:worker_threads'
import type { Batch, ThreadSetup } from '../protocol.js'
import { SharedStarts } from '../starts.js'
import { liveApart } from '../values/apart.js'
import { Inbox } from './inbox.js'
import { serve } from './serve.js'
import { twinOf } from './twin.js'

/** A worker thread. */
export default async function thread(setup: ThreadSetup<MessagePort>): Promise<void> {
  if (setup.isTwin) return twinOf<typeof thread>(import.meta.url)({ ...setup, isTwin: false })
  const { port, asked, starts, answered, isApart, longest, reportAfter, recycleAbove } = setup
  if (isApart) liveApart(longest)
  await serve({
    inbox: new Inbox<Batch>(port, asked),
    starts: new SharedStarts(starts),
    reportAfter,
    recycleAbove,
    send(report) {
      port.postMessage(report)
      Atomics.add(answered, 0, 1)
      Atomics.notify(answered, 0)
    },
  })
}
