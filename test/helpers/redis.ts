// A real Redis for the tests that need one, which nobody else uses.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'

/** What a Redis server may be started with. */
export interface RedisOptions {
  /** It writes down everything at once, so that it is all there after a restart. Default: false, nothing outlives its process. */
  readonly durable?: boolean
  /** It is the only node of a Redis Cluster, which takes commands for keys of one slot alone. Default: false. */
  readonly cluster?: boolean
}

/** A Redis server of its own, on a free port of this machine, with a folder of its own. */
export class Redis {
  readonly port: number
  readonly #folder: string
  readonly #durable: boolean
  readonly #cluster: boolean
  #process: ChildProcess | undefined

  private constructor(port: number, folder: string, { durable = false, cluster = false }: RedisOptions) {
    this.port = port
    this.#folder = folder
    this.#durable = durable
    this.#cluster = cluster
  }

  /** @throws {Error} where there is no redis-server, with how to get it */
  static async start(options: RedisOptions = {}): Promise<Redis> {
    const redis = new Redis(await freePort(), mkdtempSync(join(tmpdir(), 'deco-redis-')), options)
    await redis.start()
    return redis
  }

  /** What a client connects with. */
  get connection(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.port }
  }

  /** The id of its process. */
  get pid(): number {
    return this.#process!.pid!
  }

  /** Starts it again, on the same port and with what it wrote down. */
  async start(): Promise<void> {
    const child = spawn(program(), this.#arguments(), { stdio: ['ignore', 'pipe', 'ignore'] })
    this.#process = child
    // A test that is cut off takes it along.
    const end = () => child.kill('SIGKILL')
    process.once('exit', end)
    child.once('exit', () => process.removeListener('exit', end))
    const lines = createInterface(child.stdout!)
    const ready = new Promise<void>((resolve) =>
      lines.on('line', (line) => line.includes('Ready to accept connections') && resolve()),
    )
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`Cannot start redis-server on port ${this.port}: it exited with code ${code}.`)
    })
    ended.catch(() => {})
    await Promise.race([ready, ended])
  }

  /** Ends its process and waits until it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #arguments(): string[] {
    const log = this.#durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no']
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--daemonize', 'no']
    if (this.#cluster) own.push('--cluster-enabled', 'yes')
    return [...own, '--save', '', '--loglevel', 'notice', '--maxmemory-policy', 'noeviction', ...log]
  }
}

function program(): string {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = folders.map((folder) => join(folder, 'redis-server')).find((file) => existsSync(file))
  if (found !== undefined) return found
  throw new Error(
    'Cannot start a Redis server: these tests need a real one, and there is no redis-server in PATH. Way out: ' +
      'apt-get install redis-server (Debian, Ubuntu), brew install redis (macOS).',
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
