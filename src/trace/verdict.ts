import { type Accounts, accountsOf, type Loss } from './accounts.js'
import { adviceOn, figuresOf } from './advice.js'
import { counted, duration, percent } from './plain.js'
import type { Trace } from './trace.js'

/** What a run was worth, and what it lost most to. Times are in ms. */
export interface Verdict {
  /** `good` if the workers spent four fifths of their time on calls; else what cost most. `unknown` if no call says when it ran. */
  readonly main: 'good' | 'unknown' | Loss
  readonly calls: number
  readonly workers: number
  /** From the first call to the end of the last one. */
  readonly wall: number
  /** How long calls ran whose results counted, all together, and the longest of them. */
  readonly run: number
  readonly longest: number
  /** So many workers could not have run these calls in less: `run` ÷ `workers`, or `longest`. */
  readonly least: number
  /** `run` ÷ `wall`, and what it could have been: `run` ÷ `least`. */
  readonly speedUp: number
  readonly bound: number
  /** The part of the workers' time that went into such calls. */
  readonly busy: number
  /** What else it went into, the largest part first: their times and `run` are `workers` × `wall`. */
  readonly losses: readonly VerdictLoss[]
  /** What kind of run it was, in a few words; and all of this, in a few lines. */
  readonly headline: string
  readonly text: string
}

/** Time of workers that went into something else. */
export interface VerdictLoss {
  readonly loss: Loss
  /** How people call it: `data transfer`. */
  readonly name: string
  /** How much it was, of all workers together, and as a part of all their time. */
  readonly time: number
  readonly share: number
  /** What it was, with the figures behind it; and what to try. */
  readonly text: string
  readonly advice: string
}

// So much of the workers' time must go into calls.
const GOOD = 0.8
// What costs less is not worth a word.
const WORTH_A_WORD = 0.05

/**
 * Says what a run was worth: the speed-up that it reached and the one that was possible, where the rest of the workers' time went,
 * and what to try.
 * @example
 * console.log(verdict(recording.stop()).text)
 */
export function verdict(trace: Trace): Verdict {
  const accounts = accountsOf(trace)
  const { workers, wall, running } = accounts
  const share = (time: number) => (wall === 0 ? 0 : time / (workers * wall))
  const figures = figuresOf(trace)
  const losses = (Object.entries(accounts.losses) as [Loss, number][])
    .filter(([, time]) => time > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([loss, time]) => ({ loss, time, share: share(time), ...adviceOn(loss, figures, workers) }))
  const least = workers === 0 ? 0 : Math.max(running / workers, figures.longest.time)
  const result = {
    main: mainOf(accounts, losses),
    ...{ calls: trace.calls.length, workers, wall, run: running, longest: figures.longest.time, least },
    speedUp: wall === 0 ? 0 : running / wall,
    bound: least === 0 ? 0 : running / least,
    busy: share(running),
    losses,
  }
  const headline = trace.calls.length === 0 ? 'No calls' : HEADLINES[result.main]
  return { ...result, headline, text: textOf({ ...result, headline }) }
}

function mainOf({ workers, wall, running }: Accounts, losses: readonly VerdictLoss[]): Verdict['main'] {
  if (running === 0 || losses.length === 0) return running === 0 ? 'unknown' : 'good'
  return running >= GOOD * workers * wall ? 'good' : losses[0]!.loss
}

function textOf({ main, headline, calls, workers, wall, speedUp, bound, busy, losses }: Omit<Verdict, 'text'>): string {
  if (calls === 0) return 'No call was recorded.'
  const ran = `${counted(calls, 'call')} on ${counted(workers, 'worker')} in ${duration(wall)}`
  if (main === 'unknown') return `${ran}, but none of them says when it ran.`
  const lines = [
    `${headline}: ${ran}, ${speedUp.toFixed(2)} times as fast as one after the other, of ${bound.toFixed(2)} that were possible.`,
    `The workers spent ${percent(busy)} of their time on calls.`,
    ...losses
      .filter(({ share }) => share >= WORTH_A_WORD)
      .map(
        ({ name, time, share, text, advice }) =>
          `${percent(share)} ${name} (${duration(time)}). ${text} Try: ${advice}`,
      ),
  ]
  return lines.join('\n')
}

const HEADLINES: Readonly<Record<Verdict['main'], string>> = {
  good: 'Busy workers',
  producer: 'Workers that wait for the program',
  overhead: 'Workers that wait for messages',
  imbalance: 'An uneven end',
  conflicts: 'Calls that get in each other’s way',
  dependencies: 'Calls that wait for each other',
  'cold start': 'A run too short for its workers to start',
  transfer: 'More data than work',
  errors: 'Work in vain after an error',
  unknown: 'Calls that do not say when they ran',
}
