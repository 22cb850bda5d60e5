import type { MessagePort } from 'node:worker_threads'
import { ChildState } from '../child-state.js'
import { FileStarts } from '../file-starts.js'
import type { BridgeSetup, LaneSetup } from '../protocol.js'
import { isTwin } from '../worker/twin.js'
import { type LaneWorker, startWorker } from './pool.js'
import { workerFile } from './worker-file.js'

const BRIDGE = new URL('../worker/bridge.js', import.meta.url).href

/**
 * Starts a worker process, and a thread that stands for it.
 * @throws {DecoError} if the file of workers is not there
 * @throws {Error} if the two processes can have no file in common
 */
export function startProcess(
  setup: LaneSetup<MessagePort>,
  options: Pick<BridgeSetup, 'recycleAbove' | 'execArgv' | 'env'>,
): LaneWorker {
  const entry = workerFile(BRIDGE)
  const starts = FileStarts.create()
  const child = new ChildState()
  const task: BridgeSetup = { ...setup, ...options, isTwin, starts: starts.path, child: child.words }
  // What the program's own threads load before they run is not for this one.
  const bridge = startWorker(entry, task, [setup.port, setup.pulse], { execArgv: [] })
  const end = () => {
    child.kill()
    starts.close()
  }
  endAtExit(end)
  return {
    starts,
    ended: bridge.ended.then((end) => ({ ...child.end, ...(end.error && { error: end.error }) })),
    get end() {
      return child.end
    },
    ref: bridge.ref,
    // The bridge ends by itself when the process is gone, of which it disposes.
    stop: async () => {
      bridge.ref()
      child.kill()
      await bridge.ended
      running.delete(end)
      starts.close()
      await bridge.stop()
    },
  }
}

const running = new Set<() => void>()
let isListening = false

// A process notices by itself that it is alone, within a moment. At a regular end nobody needs to wait for that.
function endAtExit(end: () => void): void {
  running.add(end)
  if (isListening) return
  isListening = true
  process.once('exit', () => {
    for (const end of running) end()
  })
}
