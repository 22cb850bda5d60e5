import { ChildProcess } from 'node:child_process'
import { Socket } from 'node:dgram'
import { subscribe } from 'node:diagnostics_channel'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { Server } from 'node:net'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { callSite } from '../../call-site.js'
import type { Effects } from './probed.js'

type Method = (...args: unknown[]) => unknown

// Of a text that is printed, so much is kept.
const LONGEST = 200
// What is under way when the import is over may end by itself: so many looks, so many ms apart.
const LOOKS = 10
const EVERY = 10

// What passes by itself, belongs to the streams of a worker, or is listed as something else.
const PASSING =
  /^(CloseReq|Immediate|TickObject|MessagePort|FSReq.*|TTYWrap|PipeWrap|GetAddrInfoReqWrap|FileHandle.*|ProcessWrap)$/

const NAMES: Readonly<Record<string, string>> = {
  Timeout: 'timer',
  TCPSocketWrap: 'connection',
  TLSWrap: 'connection',
  FSEventWrap: 'file watcher',
  StatWatcher: 'file watcher',
  UDPWrap: 'UDP socket',
}

const WRITERS = [
  ...['writeFile', 'appendFile', 'truncate', 'mkdir', 'mkdtemp', 'rm', 'rmdir', 'unlink'],
  ...['rename', 'copyFile', 'cp', 'symlink'],
]

/** Watches what is done in this thread, until it is asked for. Processes that are started are told of at once. */
export function watchEffects(child: (pid: number, isGone: boolean) => void): () => Promise<Effects> {
  const writes = new Set<string>()
  const servers = new Set<string>()
  const workers = new Set<Worker>()
  const children = watchChildren(child)
  const print = watchOutput()
  watchFiles((path) => writes.add(path), print.add)
  watchServers((where) => servers.add(where))
  subscribe('worker_threads', function started(message) {
    if (!isLoader(started)) workers.add((message as { worker: Worker }).worker)
  })
  const before = activeResources()
  const changes = watchProcess()
  const running = () => [
    ...newSince(before, servers.size > 0),
    ...counted([...workers].filter(({ threadId }) => threadId !== -1).length, 'worker thread'),
    ...counted(children.size, 'child process'),
  ]
  return async () => {
    // What the module has put off until it is imported is a part of it.
    await turn()
    for (let look = 0; look < LOOKS && running().length > 0; look++) {
      await wait(EVERY)
      await turn()
    }
    return { printed: print.text(), writes: [...writes], servers: [...servers], handles: running(), changes: changes() }
  }
}

function watchChildren(tell: (pid: number, isGone: boolean) => void): ReadonlySet<number> {
  const alive = new Set<number>()
  const holder = ChildProcess.prototype as unknown as Record<string, Method>
  const original = holder.spawn!
  holder.spawn = function spawn(this: ChildProcess, ...args: unknown[]) {
    const result = original.apply(this, args)
    const { pid } = this
    if (pid === undefined) return result
    if (!isLoader(spawn)) alive.add(pid)
    tell(pid, false)
    this.once('exit', () => {
      alive.delete(pid)
      tell(pid, true)
    })
    return result
  }
  return alive
}

function watchOutput(): { add(text: unknown): void; text(): string } {
  let text = ''
  const add = (chunk: unknown) => {
    if (text.length < LONGEST) text += typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString()
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = ((chunk: unknown, encoding: unknown, done: unknown) => {
      add(chunk)
      const callback = typeof encoding === 'function' ? encoding : done
      if (typeof callback === 'function') queueMicrotask(callback as () => void)
      return true
    }) as typeof stream.write
  }
  return { add, text: () => text.slice(0, LONGEST) }
}

function watchFiles(wrote: (path: string) => void, printed: (text: unknown) => void): void {
  const note = (path: unknown, above: Function) => {
    if (typeof path !== 'string' && !(path instanceof URL) && !Buffer.isBuffer(path)) return
    if (!isLoader(above)) wrote(path instanceof URL ? fileURLToPath(path) : String(path))
  }
  const watch = (target: object, name: string) => {
    const holder = target as Record<string, Method>
    if (typeof holder[name] !== 'function') return
    const original = holder[name]
    const watched = function (this: unknown, ...args: unknown[]) {
      note(args[/^(rename|copyFile|cp|symlink)/.test(name) ? 1 : 0], watched)
      return original.apply(this, args)
    }
    holder[name] = Object.assign(watched, original)
  }
  for (const name of WRITERS) {
    watch(fs, name)
    watch(fs, `${name}Sync`)
    watch(fs.promises, name)
  }
  watch(fs, 'createWriteStream')
  // A file descriptor is not a path; those of the streams are the terminal.
  const { writeSync } = fs
  fs.writeSync = ((...args: Parameters<typeof writeSync>) => {
    const [descriptor, data] = args as unknown as [number, string | Uint8Array]
    if (descriptor !== 1 && descriptor !== 2) return writeSync(...args)
    printed(data)
    return data.length
  }) as typeof writeSync
  syncBuiltinESMExports()
}

// What a loader of TypeScript does for itself, in the thread that it serves, is none of the module's doing.
function isLoader(above: Function): boolean {
  return /[\\/]node_modules[\\/](esbuild|tsx)[\\/]/.test(callSite(above) ?? '')
}

function watchServers(opened: (where: string) => void): void {
  const watch = (prototype: object, name: string, kind: string) => {
    const holder = prototype as Record<string, Method>
    const original = holder[name]!
    holder[name] = function (this: unknown, ...args: unknown[]) {
      opened(`${kind} ${whereIn(args[0])}`)
      return original.apply(this, args)
    }
  }
  watch(Server.prototype, 'listen', 'at')
  watch(Socket.prototype, 'bind', 'at UDP')
}

function whereIn(first: unknown): string {
  const { port, path } = (typeof first === 'object' && first !== null ? first : {}) as {
    port?: unknown
    path?: unknown
  }
  const where = port ?? path ?? (typeof first === 'object' || typeof first === 'function' ? undefined : first)
  if (where === undefined || Number(where) === 0) return 'any port'
  return Number.isNaN(Number(where)) ? String(where) : `port ${where}`
}

function activeResources(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const type of process.getActiveResourcesInfo())
    if (!PASSING.test(type)) counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}

// Servers are told of by themselves.
function newSince(before: ReadonlyMap<string, number>, hasServers: boolean): string[] {
  return [...activeResources()].flatMap(([type, count]) => {
    const more = count - (before.get(type) ?? 0)
    if (more <= 0 || (hasServers && /^(TCPServerWrap|PipeServerWrap|UDPWrap)$/.test(type))) return []
    return counted(more, NAMES[type] ?? type)
  })
}

function counted(count: number, what: string): string[] {
  if (count <= 1) return count === 1 ? [`a ${what}`] : []
  return [`${count} ${what === 'child process' ? 'child processes' : `${what}s`}`]
}

function watchProcess(): () => string[] {
  const env = { ...process.env }
  const listeners = listenerCounts()
  const globals = new Set(Object.getOwnPropertyNames(globalThis))
  const builtIns = BUILT_INS.map((prototype) => new Set(Object.getOwnPropertyNames(prototype)))
  const { title, exitCode } = process
  return () => {
    const changes: string[] = []
    const names = new Set([...Object.keys(env), ...Object.keys(process.env)])
    const variables = [...names].filter((name) => env[name] !== process.env[name])
    if (variables.length > 0) changes.push(`sets ${list(variables.map((name) => `process.env.${name}`))}`)
    const events = [...listenerCounts()].filter(([event, count]) => count > (listeners.get(event) ?? 0))
    if (events.length > 0) changes.push(`listens to ${list(events.map(([event]) => `process.on('${String(event)}')`))}`)
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !globals.has(name))
    if (added.length > 0) changes.push(`adds ${list(added.map((name) => `globalThis.${name}`))}`)
    const extended = BUILT_INS.flatMap((prototype, i) =>
      Object.getOwnPropertyNames(prototype)
        .filter((name) => !builtIns[i]!.has(name))
        .map((name) => `${(prototype.constructor as Function).name}.prototype.${name}`),
    )
    if (extended.length > 0) changes.push(`adds ${list(extended)}`)
    if (process.title !== title) changes.push('sets process.title')
    if (process.exitCode !== exitCode) changes.push('sets process.exitCode')
    return changes
  }
}

const BUILT_INS: readonly object[] = [Object, Array, String, Number, Function, Promise, Map, Set, Date].map(
  ({ prototype }) => prototype as object,
)

function listenerCounts(): Map<string | symbol, number> {
  return new Map(process.eventNames().map((event) => [event, process.listenerCount(event)]))
}

function list(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
}
