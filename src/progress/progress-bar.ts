import { isJob, type Job } from '../job.js'
import type { Progress } from '../progress-teller.js'
import { type ProgressStream, Screen } from './screen.js'
import { barLine, wordLine } from './text.js'

/** Options of `progressBar`. */
export interface ProgressBarOptions {
  /** What the line begins with. Default: the name of the job's class. */
  readonly label?: string
  /** Where it is shown. Default: `process.stderr`, so that what a program prints to its standard output stays clean. */
  readonly stream?: ProgressStream
  /** Milliseconds between two lines where the stream is no terminal. Default: 5000. */
  readonly every?: number
  /** Shows progress under CI as well, that is where the environment variable `CI` is set. Default: false. */
  readonly ci?: boolean
}

/** What shows the progress of a job, until it is stopped. */
export interface ProgressBar {
  /** Ends it: what it shows last stays as it is. */
  stop(): void
  /** The same: `using bar = progressBar(job)`. */
  [Symbol.dispose](): void
}

const EVERY = 5000

/**
 * Shows how far a job has come. On a terminal that is a bar with counts, calls per second and the time left; several bars, of several
 * jobs, stand one below the other. Elsewhere it is a line now and then, and under CI nothing, unless asked for. Each phase of the job
 * ends its line, with what came of it; the next one begins another. Nothing of it keeps the process alive, and it moves on while a
 * plain `@synchronized` method blocks the thread.
 *
 * The bar needs the package `log-update` (7 or later), which is loaded here alone; lines do not.
 *
 * @throws {TypeError} if `job` is no job
 * @throws {RangeError} if `every` is no positive number
 * @throws {DecoError} on a terminal, if `log-update` is not installed
 * @example
 * const climate = new Climate()
 * progressBar(climate)
 * await climate.processAll() // Climate  ████████░░░░░░░░   52 %  31,200 of 60,480 calls  1,234/s  23 s left
 */
export function progressBar(job: Job, options: ProgressBarOptions = {}): ProgressBar {
  if (!isJob(job)) throw new TypeError('Cannot show progress: the first argument of progressBar() must be a job.')
  const { label = job.constructor.name, stream = process.stderr, every = EVERY, ci = false } = options
  if (typeof every !== 'number' || !(every > 0))
    throw new RangeError(`Cannot use ${every} for progressBar(job, { every }): it must be a positive number of ms.`)
  if (!ci && isCI()) return NOTHING
  return new Shown(job, canDrawOn(stream) ? new Bar(label, stream) : new Lines(label, stream, every))
}

interface Display {
  show(progress: Progress): void
  /** Nothing more comes of this phase. */
  leave(progress: Progress): void
}

class Shown implements ProgressBar {
  readonly #job: Job
  readonly #display: Display
  // What is shown, as long as it may change.
  #shown: Progress | undefined

  constructor(job: Job, display: Display) {
    this.#job = job
    this.#display = display
    job.on('progress', this.#listener)
  }

  stop(): void {
    this.#job.off('progress', this.#listener)
    if (this.#shown !== undefined) this.#display.leave(this.#shown)
    this.#shown = undefined
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  readonly #listener = (progress: Progress): void => {
    this.#shown = progress.isOver ? undefined : progress
    if (progress.isOver) this.#display.leave(progress)
    else this.#display.show(progress)
  }
}

class Bar implements Display {
  readonly #label: string
  readonly #stream: ProgressStream
  readonly #screen: Screen

  constructor(label: string, stream: ProgressStream) {
    this.#label = label
    this.#stream = stream
    this.#screen = Screen.of(stream)
  }

  show(progress: Progress): void {
    this.#screen.show(this, this.#line(progress))
  }

  leave(progress: Progress): void {
    this.#screen.leave(this, this.#line(progress))
  }

  #line(progress: Progress): string {
    // A terminal that does not know how wide it is says 0.
    return barLine(this.#label, progress, this.#stream.columns || 80)
  }
}

class Lines implements Display {
  readonly #label: string
  readonly #stream: ProgressStream
  readonly #every: number
  // When the last line was written, in ms of the phase.
  #at = 0

  constructor(label: string, stream: ProgressStream, every: number) {
    this.#label = label
    this.#stream = stream
    this.#every = every
  }

  show(progress: Progress): void {
    if (progress.elapsed - this.#at >= this.#every) this.#write(progress)
  }

  leave(progress: Progress): void {
    this.#write(progress)
    this.#at = 0
  }

  #write(progress: Progress): void {
    this.#at = progress.elapsed
    this.#stream.write(`${wordLine(this.#label, progress)}\n`)
  }
}

const NOTHING: ProgressBar = { stop() {}, [Symbol.dispose]() {} }

// The program's own terminal may be one that cannot go back in a line.
function canDrawOn(stream: ProgressStream): boolean {
  const isOwn = stream === process.stderr || stream === process.stdout
  return stream.isTTY === true && !(isOwn && process.env.TERM === 'dumb')
}

function isCI(): boolean {
  const { CI = '' } = process.env
  return !['', '0', 'false'].includes(CI)
}
