/** An error that a synchronization event is going to throw. */
export interface Failure {
  readonly error: unknown
}

const untold = new Set<Failure>()
let isListening = false

/** Remembers an error until somebody has been told: if nobody ever is, it ends the process, as an uncaught one does. */
export function tellAtExit(failure: Failure): void {
  untold.add(failure)
  if (isListening) return
  isListening = true
  process.on('beforeExit', () => {
    const [lost] = untold
    untold.clear()
    if (lost !== undefined) throw lost.error
  })
}

/** Somebody has been told. */
export function told(failure: Failure): void {
  untold.delete(failure)
}
