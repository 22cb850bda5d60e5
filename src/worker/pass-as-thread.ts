import { createRequire, syncBuiltinESMExports } from 'node:module'

/**
 * Makes `isMainThread` false here, as it is in a worker thread. It is what an entry script asks so as not to run again where
 * its classes are imported; and a program is to run under `processes()` as it does under `threads()`.
 */
export function passAsThread(): void {
  const threads = createRequire(import.meta.url)('node:worker_threads') as { isMainThread: boolean }
  threads.isMainThread = false
  syncBuiltinESMExports()
}
