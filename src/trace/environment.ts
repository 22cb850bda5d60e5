import { closeSync, openSync, writeSync } from 'node:fs'
import { format, parse } from 'node:path'
import { isMainThread, threadId } from 'node:worker_threads'
import { traceLines } from './lines.js'
import { record } from './record.js'

let isAsked = process.env.DECO_TRACE !== undefined && process.env.DECO_TRACE !== ''

/**
 * Records what the jobs of this thread do from now on if the environment variable DECO_TRACE names a file, and writes it there when
 * the thread ends: `%p` in the name is the process id, `%t` the number of the thread. To be called before the first call is made.
 */
export function recordIfAsked(): void {
  if (!isAsked) return
  isAsked = false
  const file = fileOf(process.env.DECO_TRACE!)
  let to: number
  try {
    // Now, while whoever asked can still mend it.
    to = openSync(file, 'w')
  } catch (error) {
    process.emitWarning(`Cannot record to DECO_TRACE=${file}: ${(error as Error).message}. Nothing is recorded.`)
    return
  }
  const recording = record()
  process.on('exit', () => {
    for (const line of traceLines(recording.stop())) writeWhole(to, Buffer.from(line))
    closeSync(to)
  })
}

// Threads must not write over each other's file.
function fileOf(name: string): string {
  const file = name.replaceAll('%p', String(process.pid)).replaceAll('%t', String(threadId))
  if (isMainThread || name.includes('%t')) return file
  const { dir, name: base, ext } = parse(file)
  return format({ dir, name: `${base}.${threadId}`, ext })
}

function writeWhole(to: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(to, bytes, written)
}
