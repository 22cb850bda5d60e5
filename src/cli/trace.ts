import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { constants, tmpdir } from 'node:os'
import { basename, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readTrace, type Trace, verdict, writeChromeTrace, writeTimeline, writeTrace } from '../trace/index.js'
import { TRACE_HELP, type TraceSettings, traceSettings } from './trace-settings.js'
import { UsageError } from './usage-error.js'

export const help = TRACE_HELP

// What a recorded file begins with.
const RECORDED = '{"recorder":"deco-ts"'

/** Runs a program and shows what its jobs did, or shows what has been recorded before. */
export async function main(args: readonly string[]): Promise<number> {
  const settings = traceSettings(args)
  const { program } = settings
  await stat(program).catch(({ code }) => {
    throw new UsageError(`Cannot trace ${program}: ${code}. Way out: name a program or a recorded file that is there.`)
  })
  if (await isRecorded(program)) {
    if (settings.args.length > 0) throw new UsageError(`Cannot give ${program} arguments: it is a recording.`)
    await show(await readTrace(program), settings)
    return 0
  }
  const folder = await mkdtemp(join(tmpdir(), 'deco-trace-'))
  try {
    const file = join(folder, 'run.trace')
    const code = await run(settings, file)
    const { size } = await stat(file).catch(() => ({ size: 0 }))
    if (size > 0) await show(await readTrace(file), settings)
    else if (code === 0) throw new Error(nothingIn(program))
    else console.error(nothingIn(program))
    return code
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Resolves with the program's exit code; of one that a signal ended, with what a shell would say. */
async function run({ program, args }: TraceSettings, file: string): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...loaderFor(program), program, ...args], {
    stdio: 'inherit',
    env: { ...process.env, DECO_TRACE: file },
  })
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  // From a terminal the program hears of them itself, and decides.
  const pass = (signal: NodeJS.Signals) => void child.kill(signal)
  const stay = () => {}
  process.on('SIGTERM', pass).on('SIGINT', stay)
  try {
    const [code, signal] = await ended
    return code ?? 128 + constants.signals[signal!]
  } finally {
    process.off('SIGTERM', pass).off('SIGINT', stay)
  }
}

// Node.js does not know decorators: TypeScript runs by way of tsx where that is installed.
function loaderFor(program: string): string[] {
  if (!/^\.[cm]?tsx?$/.test(extname(program))) return []
  try {
    const tsx = createRequire(resolve(program)).resolve('tsx/esm')
    return ['--import', pathToFileURL(tsx).href]
  } catch {
    throw new UsageError(
      `Cannot trace ${program}: it is TypeScript, and tsx is not installed beside it. Way out: npm install --save-dev tsx, or name the compiled program.`,
    )
  }
}

async function show(trace: Trace, { out, program, opens }: TraceSettings): Promise<void> {
  const file = out ?? `${basename(program, extname(program))}.timeline.html`
  await WRITERS[extname(file) as keyof typeof WRITERS](trace, file)
  console.log(`${verdict(trace).text}\n\nWrote ${file}`)
  if (opens) openFile(file)
}

/** By the extension of the file. */
const WRITERS = { '.html': writeTimeline, '.json': writeChromeTrace, '.trace': writeTrace }

// With whatever this machine opens such files with.
function openFile(file: string): void {
  const [command, ...args] = { win32: ['cmd', '/c', 'start', ''], darwin: ['open'] }[process.platform as string] ?? [
    'xdg-open',
  ]
  const child = spawn(command!, [...args, resolve(file)], { stdio: 'ignore', detached: true })
  child.on('error', ({ message }) => console.error(`Cannot open ${file}: ${message}`))
  child.unref()
}

async function isRecorded(file: string): Promise<boolean> {
  const opened = await open(file)
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(RECORDED.length), 0, RECORDED.length, 0)
    return buffer.toString('latin1', 0, bytesRead) === RECORDED
  } finally {
    await opened.close()
  }
}

function nothingIn(program: string): string {
  return `${program} has recorded nothing: no job of its main thread made a call, or a signal ended it before it could write.`
}
