import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, on, once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { HostEvent, ServeOptions } from '../../src/bullmq/index.js'

const HOST = fileURLToPath(new URL('../fixtures/host.js', import.meta.url))

/** Below it lie the modules of all tests, as they were compiled. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What a host is started with; `within`: how long calls may take once it is to leave, in ms. */
export type HostOptions = Omit<ServeOptions, 'log'> & { readonly within?: number }

/** A host in a process of its own. */
export class HostProcess {
  readonly #process: ChildProcess
  readonly #events: HostEvent[] = []
  readonly #news = new EventEmitter()
  /** Comes true when it is gone, however. */
  readonly gone: Promise<unknown>

  private constructor(options: HostOptions) {
    this.#process = spawn(process.execPath, [HOST, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.gone = once(this.#process, 'exit')
    createInterface(this.#process.stdout!).on('line', (line) => {
      this.#events.push(JSON.parse(line) as HostEvent)
      this.#news.emit('event')
    })
    void this.gone.then(() => this.#news.emit('event'))
  }

  /** Starts one, and waits until it serves. */
  static async start(options: HostOptions): Promise<HostProcess> {
    const host = new HostProcess(options)
    await host.until('ready')
    return host
  }

  get pid(): number {
    return this.#process.pid!
  }

  /** Everything of this kind that it has said. */
  said(event: HostEvent['event']): readonly HostEvent[] {
    return this.#events.filter((said) => said.event === event)
  }

  /** Waits until it has said so, so many times. */
  until(event: HostEvent['event'], times = 1): Promise<void> {
    return this.untilAny([event], times)
  }

  /** Waits until it has said any of these, so many times together. */
  async untilAny(events: readonly HostEvent['event'][], times: number): Promise<void> {
    const news = on(this.#news, 'event')
    while (this.#events.filter(({ event }) => events.includes(event)).length < times) {
      if (!this.isAlive) throw new Error(`A host has ended before it said ${events.join(' or ')}.`)
      await news.next()
    }
  }

  /** Whether it runs. */
  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Has it leave, and waits until it is gone. */
  async close(): Promise<void> {
    this.kill('SIGTERM')
    await this.gone
  }
}
