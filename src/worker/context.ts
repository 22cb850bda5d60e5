import { AsyncLocalStorage } from 'node:async_hooks'

// Whether the code that runs now belongs to a call or to an import made for one. Test runners run programs in threads
// too, so that `isMainThread` and the pool's own flags tell nothing.
// A call that is told of its steps is known by who is told.
const storage = new AsyncLocalStorage<'call' | 'import' | StepListener>()
let isWorker = false
let workerListener: StepListener | undefined

/** Is told how much of the present call is done, from 0 to 1. */
export type StepListener = (fraction: number) => void

/** Makes this thread or process a worker: whatever runs here belongs to a call, and `onStep` is told of its steps. */
export function becomeWorker(onStep?: StepListener): void {
  isWorker = true
  workerListener = onStep
}

/** Runs the method of a call in this thread as a worker would; of a worker's calls each counts. */
export function runAsCall(method: Function, self: object, args: unknown[], onStep?: StepListener): unknown {
  return isWorker
    ? (method.apply(self, args) as unknown)
    : storage.run(onStep ?? 'call', () => method.apply(self, args) as unknown)
}

/** Runs what belongs to the program, though a call may have led here. */
export function outsideCalls(run: () => void): void {
  if (storage.getStore() === undefined) run()
  else storage.exit(run)
}

/** Who is told of the steps of the call to which the present code belongs, if anybody is. */
export function stepListener(): StepListener | undefined {
  if (isWorker) return workerListener
  const here = storage.getStore()
  return typeof here === 'function' ? here : undefined
}

/** Imports a module for a worker. A job that starts meanwhile belongs to an entry script. */
export function asImport<T>(run: () => T): T {
  return storage.run('import', run)
}

/** Where the present code runs: in the program itself, in a call, or in an import made for a call. */
export function place(): 'program' | 'call' | 'import' {
  const here = storage.getStore()
  if (here === 'import') return here
  return isWorker || here !== undefined ? 'call' : 'program'
}
