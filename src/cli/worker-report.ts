import type { HostHandle } from '../bullmq/serve-options.js'

/** Something that has happened. */
export interface WorkerEvent {
  readonly event: string
  readonly host?: string
  readonly message: string
}

/** Where a report goes: `process.stdout`, as far as it is used here. */
export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Tells what a worker does: on a terminal in one line that is drawn anew, elsewhere as lines of JSON. */
export class WorkerReport {
  readonly #output: Output
  readonly #secrets: readonly string[]
  readonly #now: () => number
  #state: HostHandle['state'] | undefined
  #seenAt: number
  // What stands in the last line of the terminal.
  #line = ''

  constructor(output: Output, secrets: readonly string[], now: () => number = () => performance.now()) {
    this.#output = output
    // The longest first: one may be a part of another.
    this.#secrets = secrets.filter((secret) => secret.length > 2).sort((a, b) => b.length - a.length)
    this.#now = now
    this.#seenAt = now()
  }

  /** How often the state is to be told, in ms. */
  get every(): number {
    return this.#output.isTTY === true ? 500 : 10_000
  }

  happened({ event, host, message }: WorkerEvent): void {
    const said = this.#secrets.reduce((text, secret) => text.replaceAll(secret, '***'), message)
    if (this.#output.isTTY !== true) this.#json({ event, ...(host !== undefined && { host }), message: said })
    else this.#output.write(`${CLEAR}${event}: ${said}\n${this.#line}`)
  }

  /** Nothing is printed where nothing has happened since, but on a terminal. */
  state(host: string, queue: string, state: HostHandle['state']): void {
    const now = this.#now()
    const before = this.#state
    const seconds = (now - this.#seenAt) / 1000
    const callsPerSecond = seconds > 0 ? Math.round((state.calls - (before?.calls ?? 0)) / seconds) : 0
    this.#state = state
    this.#seenAt = now
    if (this.#output.isTTY === true) this.#draw(queue, state, callsPerSecond)
    else if (before === undefined || KEYS.some((key) => state[key] !== before[key]))
      this.#json({ event: 'state', host, queue, ...state, callsPerSecond })
  }

  /** Leaves the last line as it is. */
  close(): void {
    if (this.#line !== '') this.#output.write('\n')
    this.#line = ''
  }

  #draw(queue: string, state: HostHandle['state'], callsPerSecond: number): void {
    const said = (count: number, what: string) => `${count.toLocaleString('en')} ${what}`
    const parts = [
      `${queue}: ${Math.min(state.running, state.lanes)}/${state.lanes} lanes busy`,
      ...[said(callsPerSecond, 'calls/s'), said(state.calls, 'calls'), said(state.batches, 'batches')],
      ...[said(state.failed, 'failed'), said(state.refused, 'refused'), state.isConnected ? '' : 'no Redis'],
    ]
    const text = parts.filter((part) => part !== '').join('  ')
    // A line that is too long for the terminal could not be drawn anew.
    this.#line = text.slice(0, Math.max(20, (this.#output.columns ?? 80) - 1))
    this.#output.write(`${CLEAR}${this.#line}`)
  }

  #json(content: object): void {
    this.#output.write(`${JSON.stringify({ time: new Date().toISOString(), ...content })}\n`)
  }
}

const CLEAR = '\r\x1b[2K'
const KEYS = ['running', 'batches', 'calls', 'failed', 'refused', 'isConnected'] as const
