import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { endProcesses, StartedProcesses } from './end-processes.js'
import type { PlainError, Seen, Told } from './probed.js'

/** What came of loading a module in a worker. */
export type Probed = { readonly file: string } & (
  | { readonly state: 'loaded'; readonly seen: Seen }
  | { readonly state: 'failed'; readonly error: PlainError; readonly seen: Seen | undefined }
  /** It did not come to an end within so many ms, or, without a limit, cannot ever. */
  | { readonly state: 'hangs'; readonly limit: number | undefined }
  /** It ended its thread, or the whole process. */
  | { readonly state: 'exits'; readonly how: string }
)

// With this code Node.js ends a thread whose top-level await can never be settled.
const UNSETTLED = 13

/**
 * Loads a module in a worker thread of a process of its own, of which nothing is left when the promise is settled, nor of what
 * the module has started. `script` is what the process runs, `folder` where; `limit` is in ms.
 */
export async function probe(script: URL, file: string, folder: string, limit: number): Promise<Probed> {
  const child = fork(script, [pathToFileURL(file).href], {
    cwd: folder,
    execArgv: [...process.execArgv, ...loaderFor(file)],
    // A group of processes of its own can be ended as one.
    detached: process.platform !== 'win32',
    // Whatever a module prints is not for the terminal, nor does it read there.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const started = new StartedProcesses()
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<Probed>((resolve, reject) => {
      child.on('message', (told: Told) => {
        if ('child' in told) started.note(told)
        else resolve({ file, ...outcome(told) })
      })
      child.once('exit', (code, signal) => resolve({ file, state: 'exits', how: endOf(code, signal) }))
      child.once('error', reject)
      timer = setTimeout(() => resolve({ file, state: 'hangs', limit }), limit)
    })
  } finally {
    clearTimeout(timer)
    if (child.pid !== undefined) {
      const gone = child.exitCode !== null || child.signalCode !== null || once(child, 'exit')
      endProcesses([child.pid, ...started.pids])
      await gone
    }
  }
}

type Outcome<T = Probed> = T extends Probed ? Omit<T, 'file'> : never

function outcome(told: Exclude<Told, { readonly child: number }>): Outcome {
  if ('uncaught' in told) return { state: 'failed', error: told.uncaught, seen: undefined }
  if ('seen' in told) {
    const { error } = told.seen
    return error === undefined ? { state: 'loaded', seen: told.seen } : { state: 'failed', error, seen: told.seen }
  }
  if (told.exitCode === UNSETTLED) return { state: 'hangs', limit: undefined }
  return { state: 'exits', how: `its thread, with exit code ${told.exitCode}` }
}

function endOf(code: number | null, signal: string | null): string {
  return `its whole process, ${signal === null ? `with exit code ${code}` : `by ${signal}`}`
}

// The program would be run by tsx, whose loader workers inherit from Node.js 22 on; before that they register it by themselves.
function loaderFor(file: string): string[] {
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ')
  if (!/\.[mc]?tsx?$/.test(file) || Number.parseInt(process.versions.node, 10) < 22) return []
  if (/--(import|loader|experimental-loader)\b/.test(given)) return []
  try {
    return ['--import', pathToFileURL(createRequire(file).resolve('tsx')).href]
  } catch {
    // Without tsx there is what Node.js can do by itself.
    return []
  }
}
