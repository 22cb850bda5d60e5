import { createRequire } from 'node:module'
import { DecoError } from '../errors.js'

/** Where progress is shown: `process.stderr`, or anything like it. */
export interface ProgressStream {
  /** A terminal, where lines can be drawn again. Default: it is none. */
  readonly isTTY?: boolean
  /** How wide the terminal is. Default: 80. */
  readonly columns?: number
  /** Takes text, with what moves the cursor on a terminal. */
  write(text: string): unknown
}

// Loaded here, before anybody waits for it: a thread that is blocked can load nothing.
const library = isInstalled() ? await import('log-update') : undefined

// Lines are drawn no more often than this, in ms, however many jobs have something to tell.
const EVERY = 50

/**
 * The lines at the foot of a terminal that are drawn again and again, one for each bar. It draws when it is told to and has no timer,
 * so that it works in a thread that is blocked, and it leaves the cursor alone, so that a program which dies leaves a sound terminal.
 */
export class Screen {
  readonly #stream: ProgressStream
  readonly #update: ReturnType<NonNullable<typeof library>['createLogUpdate']>
  readonly #lines = new Map<object, string>()
  #drawnAt = Number.NEGATIVE_INFINITY

  /**
   * The one of a stream.
   * @throws {DecoError} if `log-update` is not installed
   */
  static of(stream: ProgressStream): Screen {
    let screen = screens.get(stream)
    if (screen === undefined) {
      screen = new Screen(stream)
      screens.set(stream, screen)
    }
    return screen
  }

  private constructor(stream: ProgressStream) {
    if (library === undefined)
      throw new DecoError('Cannot show a progress bar: log-update is not installed. Way out: npm install log-update')
    this.#stream = stream
    this.#update = library.createLogUpdate(stream as NodeJS.WriteStream, { showCursor: true })
  }

  /** Draws the line of a bar. */
  show(bar: object, line: string): void {
    this.#lines.set(bar, line)
    const now = performance.now()
    if (now - this.#drawnAt < EVERY) return
    this.#drawnAt = now
    this.#draw()
  }

  /** The line of a bar is as it will stay: it goes above those that are still drawn. */
  leave(bar: object, line: string): void {
    this.#lines.delete(bar)
    this.#update.clear()
    this.#stream.write(`${line}\n`)
    if (this.#lines.size === 0) this.#update.done()
    else this.#draw()
  }

  #draw(): void {
    this.#update([...this.#lines.values()].join('\n'))
  }
}

const screens = new WeakMap<ProgressStream, Screen>()

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('log-update')
    return true
  } catch {
    return false
  }
}
