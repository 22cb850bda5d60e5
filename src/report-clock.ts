import { time } from './clock.js'

// So many calls that are over one right after the other are so at one time.
const TOGETHER = 16

// One may be taken in while another one is: whoever is told may block until more has arrived.
let depth = 0
let began = 0
let now = 0
let asked = 0
const ends: ((now: number) => void)[] = []

/**
 * The time for what is told of a report while it is taken in: many short calls arrive and are over one right after the other, and
 * reading the clock costs more than the rest.
 */
export const reportClock = {
  /** Whether a report is being taken in. */
  get isOn(): boolean {
    return depth > 0
  },

  /** A report is here. */
  begin(): void {
    depth++
    began = now = time()
    asked = 0
  },

  /** The report has been taken in: those who asked for it are told. */
  end(): void {
    if (--depth > 0 || ends.length === 0) return
    const over = time()
    for (const end of ends.splice(0)) end(over)
  },

  /** Calls back when the report that is being taken in has been. */
  atEnd(end: (now: number) => void): void {
    ends.push(end)
  },

  /** When the report arrived; the time where there is none. */
  get arrival(): number {
    return depth > 0 ? began : time()
  },

  /** The time, or one of a few calls ago; it is `exact` where long work may have been done since. */
  time(isExact: boolean): number {
    if (depth === 0) return time()
    if (isExact || ++asked === TOGETHER) {
      asked = 0
      now = time()
    }
    return now
  },
}
