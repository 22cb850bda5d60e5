import type { Progress } from '../progress-teller.js'

const FULL = '█'
const EMPTY = '░'
const WIDEST = 40
const NARROWEST = 8

/** The line of a terminal: a bar, as wide as there is room for, and what is known. No longer than `columns`. */
export function barLine(label: string, progress: Progress, columns: number): string {
  const { computed, total, isOver } = progress
  const share = total === 0 ? 0 : computed / total
  const tail = isOver ? summary(progress) : [percent(share).padStart(5), counts(progress), ...pace(progress)].join('  ')
  const room = Math.min(WIDEST, columns - label.length - tail.length - 5)
  const width = room < NARROWEST ? 0 : room
  const full = Math.floor(width * Math.min(1, share))
  const bar = width === 0 ? [] : [FULL.repeat(full) + EMPTY.repeat(width - full)]
  // One column is left free: some terminals go to the next line as soon as the last one is full.
  return [label, ...bar, tail].join('  ').slice(0, Math.max(0, columns - 1))
}

/** The same as words, for what is no terminal. */
export function wordLine(label: string, progress: Progress): string {
  if (progress.isOver) return `${label}: ${summary(progress)}`
  const { computed, total } = progress
  return `${label}: ${[percent(total === 0 ? 0 : computed / total), counts(progress), ...pace(progress)].join(', ')}`
}

function counts({ done, total, failed }: Progress): string {
  return `${whole(done)} of ${calls(total)}${failed === 0 ? '' : `, ${whole(failed)} failed`}`
}

function pace({ callsPerSecond, timeLeft }: Progress): string[] {
  if (callsPerSecond === undefined || timeLeft === undefined) return []
  return [`${rate(callsPerSecond)}/s`, `${duration(timeLeft)} left`]
}

function summary({ done, total, failed, dropped, callsPerSecond, elapsed }: Progress): string {
  const lost = [failed > 0 && `${whole(failed)} failed`, dropped > 0 && `${whole(dropped)} dropped`].filter(Boolean)
  const what = lost.length === 0 ? calls(total) : [`${whole(done)} of ${calls(total)}`, ...lost].join(', ')
  return `${what} in ${duration(elapsed)}${callsPerSecond === undefined ? '' : `, ${rate(callsPerSecond)}/s`}`
}

// Rounded down: only what is wholly done is 100 %.
function percent(share: number): string {
  return `${Math.floor(100 * Math.min(1, share))} %`
}

function calls(count: number): string {
  return `${whole(count)} ${count === 1 ? 'call' : 'calls'}`
}

function whole(count: number): string {
  return count.toLocaleString('en')
}

function rate(perSecond: number): string {
  return perSecond >= 10 ? whole(Math.round(perSecond)) : String(Number(perSecond.toPrecision(2)))
}

/** Milliseconds in words: `0.4 s`, `12 s`, `3:07 min`, `1:02:03 h`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const all = Math.round(seconds)
  if (all < 60) return `${all} s`
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor(all / 60) % 60]
  if (hours === 0) return `${minutes}:${two(all % 60)} min`
  return `${whole(hours)}:${two(minutes)}:${two(all % 60)} h`
}

function two(count: number): string {
  return String(count).padStart(2, '0')
}
