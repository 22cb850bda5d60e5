import { FileStarts } from '../file-starts.js'
import type { Batch, ProcessSetup } from '../protocol.js'
import { liveApart } from '../values/apart.js'
import { Arrivals } from './arrivals.js'
import { endWithParent } from './end-with-parent.js'
import { passAsThread } from './pass-as-thread.js'
import { serve } from './serve.js'
import { twinOf } from './twin.js'

/** A worker process. */
export default async function worker(setup: ProcessSetup): Promise<void> {
  if (setup.isTwin) return twinOf<typeof worker>(import.meta.url)({ ...setup, isTwin: false })
  const { starts, recycleAbove } = setup
  liveApart()
  endWithParent()
  passAsThread()
  // A terminal sends it to every process of a program. It is for the program to say what becomes of its calls.
  process.on('SIGINT', () => {})
  const inbox = new Arrivals<Batch>()
  process.on('message', (message) => isOfPool(message) || inbox.push(message as Batch))
  process.send!('ready')
  await serve({
    inbox,
    starts: FileStarts.open(starts),
    recycleAbove,
    send(report) {
      // Without somebody to hear of it, a bridge that is gone would be an error that nobody catches.
      process.send!(report, undefined, undefined, () => {})
    },
  })
}

// Whatever else comes is taken for a batch, and looked at as such.
function isOfPool(message: unknown): boolean {
  return typeof message === 'object' && message !== null && '__tinypool_worker_message__' in message
}
