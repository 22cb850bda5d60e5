import { AsyncLocalStorage } from 'node:async_hooks'

// Whether the code that runs now belongs to a call or to an import made for one. Test runners run programs in threads
// too, so that `isMainThread` and the pool's own flags tell nothing.
const storage = new AsyncLocalStorage<'call' | 'import'>()
let isWorker = false

/** Makes this thread or process a worker: whatever runs here belongs to a call. */
export function becomeWorker(): void {
  isWorker = true
}

/** Runs the method of a call in this thread as a worker would; of a worker's calls each counts. */
export function runAsCall(method: Function, self: object, args: unknown[]): unknown {
  return isWorker
    ? (method.apply(self, args) as unknown)
    : storage.run('call', () => method.apply(self, args) as unknown)
}

/** Imports a module for a worker. A job that starts meanwhile belongs to an entry script. */
export function asImport<T>(run: () => T): T {
  return storage.run('import', run)
}

/** Where the present code runs: in the program itself, in a call, or in an import made for a call. */
export function place(): 'program' | 'call' | 'import' {
  if (!isWorker) return storage.getStore() ?? 'program'
  return storage.getStore() === 'import' ? 'import' : 'call'
}
