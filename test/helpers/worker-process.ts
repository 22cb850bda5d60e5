import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, on, once } from 'node:events'
import { createInterface } from 'node:readline'
import { root } from './project.js'

const CLI = `${root}build/src/cli.js`

/** A line of what it prints. */
export type Said = Readonly<Record<string, unknown>> & { readonly event: string }

/** `deco worker` as a process of its own. */
export class WorkerProcess {
  readonly said: Said[] = []
  /** Everything that it has printed. */
  output = ''
  readonly #process: ChildProcess
  readonly #news = new EventEmitter()
  readonly #gone: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [CLI, 'worker', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = child
    this.#gone = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
    child.stderr.on('data', (data) => {
      this.output += data
    })
    createInterface(child.stdout).on('line', (line) => {
      this.output += `${line}\n`
      this.said.push(JSON.parse(line) as Said)
      this.#news.emit('news')
    })
    void this.#gone.then(() => this.#news.emit('news'))
  }

  get pid(): number {
    return this.#process.pid!
  }

  /** Whether it runs. */
  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** What it says first of this kind. */
  async until(event: string): Promise<Said> {
    const news = on(this.#news, 'news')
    for (;;) {
      const said = this.said.find((said) => said.event === event)
      if (said !== undefined) return said
      if (!this.isAlive) throw new Error(`deco worker has ended before it said ${event}:\n${this.output}`)
      await news.next()
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Its exit code, or the signal that ended it. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    const [code, signal] = await this.#gone
    return code ?? signal
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL')
    await this.#gone
  }
}
