/** How far a job has come. */
export interface Progress {
  /** Calls of the present phase that are finished. */
  readonly done: number
  /** Calls of the present phase that have been made. */
  readonly total: number
  /** Calls of the present phase that failed. */
  readonly failed: number
}

// Progress is told at most this often, in ms.
const EVERY = 50

/** Tells a listener of progress, now and then; of what is `last` always. */
export function progressTeller(listener: (progress: Progress) => void): (progress: Progress, last: boolean) => void {
  let toldAt = 0
  return (progress, last) => {
    const now = performance.now()
    if (!last && now - toldAt < EVERY) return
    toldAt = now
    try {
      listener(progress)
    } catch (error) {
      // As with any listener: its error is its own, and must not stop the commits under way.
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
