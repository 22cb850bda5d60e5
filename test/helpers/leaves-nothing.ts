// Set-up of every test file (`require` in package.json): fails the run if a file leaves a worker, port, timer, server or child
// process behind. The default executor alone may be alive when the tests are over, and even that must be gone once it is closed.

import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { syncBuiltinESMExports } from 'node:module'
import { relative } from 'node:path'
import workers, { type MessagePort, type Worker } from 'node:worker_threads'
import test, { registerCompletionHandler } from 'ava'
import { root } from './project.js'

// What has been closed may take a moment to be gone, on a machine that is busy.
const PATIENCE = 10_000
const LOOK_EVERY = 20
// What ends by itself, and the test runner's own port.
const PASSING = new Set(['CloseReq', 'Immediate', 'MessagePort', 'TickObject'])

/** What a test file started, and the line that did. */
const started = new Map<object, { readonly what: string; readonly by: string; isGone(): boolean }>()
const before = activeResources()

watchWorkers()
watchPorts()
watchTimers()
watchProcesses()

registerCompletionHandler(() => {
  check().catch((error) => {
    // As an uncaught error it fails the run under the name of the file.
    setImmediate(() => {
      throw error
    })
  })
})

async function check(): Promise<void> {
  // Not before: the tests decide what they import first.
  const { defaultExecutor } = await import('../../src/executors/default.js')
  await defaultExecutor().close()
  const until = performance.now() + PATIENCE
  while (left().length > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
    // The timer itself counts until its turn is over.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const names = left()
  if (names.length === 0) return
  const file = relative(root, new URL(test.meta.file).pathname)
  throw new Error(
    `${file} leaves behind, when its tests are over: ${names.join('; ')}. Way out: close what a test opens, ` +
      'such as `await using executor = threads()`.',
  )
}

function left(): string[] {
  for (const [thing, { isGone }] of started) if (isGone()) started.delete(thing)
  const now = activeResources()
  const active = [...now]
    .filter(([type, count]) => count > (before.get(type) ?? 0))
    .map(([type, count]) => `${count} ${type}`)
  return [...counted([...started.values()].map(({ what, by }) => `${what} started by ${by}`)), ...active]
}

function counted(names: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`))
}

function note(thing: object, what: string, isGone: () => boolean): void {
  started.set(thing, { what, by: whoCalls(), isGone })
}

// The lines of this project that led there, the nearest first: those of the library itself tell little of who used it.
function whoCalls(): string {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 50
  const lines = new Error().stack!.split('\n')
  Error.stackTraceLimit = stackTraceLimit
  const own = lines.filter(
    (line) => line.includes(root) && !line.includes('node_modules') && !line.includes('leaves-nothing'),
  )
  const places = own.map((line) => line.slice(line.indexOf(root) + root.length).replace(/\)$/, ''))
  const [nearest = 'a dependency'] = places
  const ofTest = places.find((place) => /\btest\//.test(place)) ?? nearest
  return ofTest === nearest ? nearest : `${nearest} for ${ofTest}`
}

function watchWorkers(): void {
  subscribe('worker_threads', (message) => {
    const { worker } = message as { worker: Worker }
    note(worker, 'a worker', () => worker.threadId === -1)
  })
}

function watchProcesses(): void {
  subscribe('child_process', (message) => {
    const child = (message as { process: ChildProcess }).process
    note(
      child,
      'a child process',
      () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined,
    )
  })
}

// Nothing tells of a port that keeps nobody waiting, but its making and its end.
function watchPorts(): void {
  const { MessageChannel } = workers
  const watch = (port: MessagePort) => {
    let isClosed = false
    port.once('close', () => {
      isClosed = true
    })
    note(port, 'a message port', () => isClosed)
  }
  workers.MessageChannel = class extends MessageChannel {
    constructor() {
      super()
      watch(this.port1)
      watch(this.port2)
    }
  }
  syncBuiltinESMExports()
}

// Those that keep nobody waiting are listed nowhere.
function watchTimers(): void {
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const start = globalThis[name] as (...args: unknown[]) => NodeJS.Timeout
    const watching = (...args: unknown[]): NodeJS.Timeout => {
      const timer = start(...args)
      note(timer, 'a timer', () => (timer as { _destroyed?: boolean })._destroyed === true)
      return timer
    }
    // `promisify(setTimeout)` is found by a symbol of its own.
    Object.defineProperties(watching, Object.getOwnPropertyDescriptors(start))
    Object.assign(globalThis, { [name]: watching })
  }
}

// Servers, sockets, files that are being watched: whatever keeps the event loop going.
function activeResources(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const type of process.getActiveResourcesInfo())
    if (!PASSING.has(type)) counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}
