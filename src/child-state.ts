import { constants } from 'node:os'

/** How a worker process ended. */
export interface ProcessEnd {
  readonly exitCode?: number
  readonly signal?: string
}

/**
 * What is known of a worker process, in memory that its bridge has in common with the main thread: this one may be blocked and
 * hears of no event.
 */
export class ChildState {
  readonly words: Int32Array

  constructor(words: Int32Array = new Int32Array(new SharedArrayBuffer(16))) {
    this.words = words
  }

  /** The bridge's side: the process has been started. */
  started(pid: number): void {
    Atomics.store(this.words, PID, pid)
  }

  /** The bridge's side: the process has ended, of itself or by a signal. */
  ended(exitCode: number | null, signal: NodeJS.Signals | null): void {
    Atomics.store(this.words, PID, 0)
    Atomics.store(this.words, EXIT_CODE, exitCode ?? 0)
    Atomics.store(this.words, SIGNAL, signal === null ? 0 : constants.signals[signal])
    Atomics.store(this.words, HAS_ENDED, 1)
  }

  get end(): ProcessEnd | undefined {
    if (Atomics.load(this.words, HAS_ENDED) === 0) return undefined
    const number = Atomics.load(this.words, SIGNAL)
    if (number === 0) return { exitCode: Atomics.load(this.words, EXIT_CODE) }
    return { signal: Object.entries(constants.signals).find(([, known]) => known === number)![0] }
  }

  /** Ends the process, if it runs, whatever it is doing. */
  kill(): void {
    const pid = Atomics.load(this.words, PID)
    if (pid === 0) return
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
}

const PID = 0
const HAS_ENDED = 1
const EXIT_CODE = 2
const SIGNAL = 3
