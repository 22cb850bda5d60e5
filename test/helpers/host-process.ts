import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, on, once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { HostEvent, ServeOptions } from '../../src/bullmq/index.js'

const HOST = fileURLToPath(new URL('../fixtures/host.js', import.meta.url))

/** Below it lie the modules of all tests, as they were compiled. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A host in a process of its own. */
export class HostProcess {
  readonly #process: ChildProcess
  readonly #events: HostEvent[] = []
  readonly #news = new EventEmitter()
  readonly #gone: Promise<unknown>

  private constructor(options: Omit<ServeOptions, 'log'>) {
    this.#process = spawn(process.execPath, [HOST, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#gone = once(this.#process, 'exit')
    createInterface(this.#process.stdout!).on('line', (line) => {
      this.#events.push(JSON.parse(line) as HostEvent)
      this.#news.emit('event')
    })
    void this.#gone.then(() => this.#news.emit('event'))
  }

  /** Starts one, and waits until it serves. */
  static async start(options: Omit<ServeOptions, 'log'>): Promise<HostProcess> {
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

  /** Waits until it has said so. */
  async until(event: HostEvent['event']): Promise<HostEvent> {
    const news = on(this.#news, 'event')
    for (;;) {
      const [said] = this.said(event)
      if (said !== undefined) return said
      if (this.#process.exitCode !== null || this.#process.signalCode !== null)
        throw new Error(`A host has ended before it said ${event}.`)
      await news.next()
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Has it leave, and waits until it is gone. */
  async close(): Promise<void> {
    this.kill('SIGTERM')
    await this.#gone
  }
}
