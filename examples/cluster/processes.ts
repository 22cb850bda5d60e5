// The machines of the example, all of them on this one: a Redis server, and hosts that serve a queue of it.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Where hosts find the modules of jobs: the examples as they were compiled. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** A program that runs until it is stopped. */
export interface Running extends AsyncDisposable {
  readonly pid: number
  /** Ends it, and waits until it is gone. */
  stop(): Promise<void>
}

/** Starts redis-server. `address` is where others reach it. */
export async function startRedis(address = '127.0.0.1'): Promise<Running & { readonly url: string }> {
  const port = await freePort(address)
  const own = ['--port', String(port), '--bind', address, '--protected-mode', 'no', '--save', '', '--appendonly', 'no']
  const running = await start('redis-server', own, {}, 'Ready to accept connections')
  return { ...running, url: `redis://${address}:${port}` }
}

/** What a host is started with. */
export interface HostOptions {
  readonly name: string
  readonly redis: string
  readonly queue: string
  /** A command that runs it, and its arguments: `ip netns exec north`. Default: none. */
  readonly within?: readonly string[]
  readonly options?: readonly string[]
}

/** Starts `deco worker` with one lane. */
export function startHost({ name, redis, queue, within = [], options = [] }: HostOptions): Promise<Running> {
  const deco = fileURLToPath(new URL('cli.js', import.meta.resolve('deco-ts')))
  const worker = ['worker', '--queue', queue, '--root', ROOT, '--concurrency', '1', ...options]
  const [command, ...args] = [...within, process.execPath, deco, ...worker]
  return start(command!, args, { DECO_CONNECTION: redis, HOST_NAME: name }, '"event":"ready"')
}

// Resolves when it has said that it is ready.
async function start(command: string, args: string[], env: NodeJS.ProcessEnv, ready: string): Promise<Running> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`Cannot start ${command}: it has ended with code ${code}.`)
  })
  // Whoever starts something that is not installed is told so by an event.
  await Promise.race([hasSaid(child, ready), failed])
  failed.catch(() => {})
  return { pid: child.pid!, stop: () => stop(child), [Symbol.asyncDispose]: () => stop(child) }
}

async function hasSaid(child: ChildProcess, ready: string): Promise<void> {
  const lines = createInterface(child.stdout!)
  await new Promise<void>((resolve) => lines.on('line', (line) => line.includes(ready) && resolve()))
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
