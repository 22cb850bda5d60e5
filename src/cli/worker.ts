import { once } from 'node:events'
import type { Server } from 'node:http'
import { constants } from 'node:os'
import type { HostHandle } from '../bullmq/serve-options.js'
import { type Health, serveHealth } from './health.js'
import { UsageError } from './usage-error.js'
import { WorkerReport } from './worker-report.js'
import { WORKER_HELP, type WorkerSettings, workerSettings } from './worker-settings.js'

// Beyond the time that calls may take, what Redis needs to be told; then the process ends all the same, in ms.
const GOODBYE = 5000

export const help = WORKER_HELP

/** Serves a queue until it is told to leave. */
export async function main(args: readonly string[]): Promise<number> {
  const settings = workerSettings(args, process.env)
  const report = new WorkerReport(process.stdout, settings.secrets)
  const stop = stopSignal()
  const worker = new QueueWorker(settings, report)
  await worker.listen()
  try {
    // A Redis that is not there yet is waited for, but not when nobody wants it any more.
    if ((await Promise.race([worker.start(), stop])) === STOPPED) process.exit(0)
    // A host that has left without being told to is to be started anew.
    if ((await Promise.race([worker.ended, stop])) !== STOPPED) return 1
    await worker.leave()
  } finally {
    worker.close()
  }
  return 0
}

class QueueWorker {
  readonly #settings: WorkerSettings
  readonly #report: WorkerReport
  #server: Server | undefined
  #host: HostHandle | undefined
  #telling: NodeJS.Timeout | undefined
  #isLeaving = false
  #end = () => {}
  /** Its host has left. */
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve
  })

  constructor(settings: WorkerSettings, report: WorkerReport) {
    this.#settings = settings
    this.#report = report
  }

  /** Answers questions about its health from now on, if that is wanted. */
  async listen(): Promise<void> {
    const { health } = this.#settings
    if (health === undefined) return
    this.#server = await serveHealth(health, () => this.#health)
    const { address, port } = this.#server.address() as { address: string; port: number }
    const at = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
    this.#report.happened({ event: 'health', message: `http://${at}/health` })
  }

  /** Serves the queue. */
  async start(): Promise<void> {
    const { serve } = await import('../bullmq/serve.js')
    try {
      this.#host = await serve({
        ...this.#settings.serve,
        log: (event) => {
          this.#report.happened(event)
          if (event.event === 'closed') this.#end()
        },
      })
    } catch (error) {
      throw error instanceof TypeError || error instanceof RangeError ? new UsageError(error.message) : error
    }
    this.#tell()
    this.#telling = setInterval(() => this.#tell(), this.#report.every)
  }

  /** Finishes or hands back what it has. */
  async leave(): Promise<void> {
    const { within } = this.#settings
    this.#isLeaving = true
    const message = `finishes what takes no longer than ${within} ms; the rest is run by others. A second signal ends it at once`
    this.#report.happened({ event: 'leaving', host: this.#host!.id, message })
    // Redis may be out of reach.
    const late = setTimeout(() => process.exit(1), within + GOODBYE)
    await this.#host!.close({ within })
    clearTimeout(late)
    this.#tell()
  }

  close(): void {
    clearInterval(this.#telling)
    this.#report.close()
    this.#server?.close()
    this.#server?.closeAllConnections()
  }

  #tell(): void {
    const { id, state } = this.#host!
    this.#report.state(id, this.#settings.serve.queue, state)
  }

  get #health(): Health {
    const { queue } = this.#settings.serve
    if (this.#host === undefined) return { status: 'starting', queue }
    const { id, state } = this.#host
    const status = this.#isLeaving ? 'leaving' : state.isConnected ? 'ok' : 'disconnected'
    return { status, host: id, queue, ...state }
  }
}

const STOPPED = Symbol('stopped')

// The first signal is waited for; after that the next one ends the process.
async function stopSignal(): Promise<typeof STOPPED> {
  const signals = ['SIGTERM', 'SIGINT'] as const
  await Promise.race(signals.map((signal) => once(process, signal)))
  for (const signal of signals) process.once(signal, () => process.exit(128 + constants.signals[signal]))
  return STOPPED
}
