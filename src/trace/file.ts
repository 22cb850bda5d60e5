import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DecoError } from '../errors.js'
import { CALLS_A_LINE, traceLines } from './lines.js'
import type { RecordedCall, Trace } from './trace.js'

/**
 * Writes a trace as it is: a line of JSON with all but the calls, then lines of calls. `deco trace FILE` makes a page or a Chrome
 * trace of it.
 * @param file the path of the file, which is written anew
 */
export async function writeTrace(trace: Trace, file: string | URL): Promise<void> {
  await pipeline(Readable.from(traceLines(trace)), createWriteStream(file))
}

/**
 * Reads what `writeTrace` or a program with `DECO_TRACE` has written.
 * @throws {DecoError} if the file holds something else, or was written by another version of deco-ts that records other things
 */
export async function readTrace(file: string | URL): Promise<Trace> {
  let trace: Trace | undefined
  const calls: RecordedCall[] = []
  for await (const line of createInterface(createReadStream(file))) {
    const part = parsed(line)
    if (trace === undefined) trace = headOf(part, file)
    else if (Array.isArray(part)) for (const call of part) calls.push(call)
    else throw notATrace(file, `line ${calls.length / CALLS_A_LINE + 2} is cut off`)
  }
  if (trace === undefined) throw notATrace(file, 'it is empty')
  return { ...trace, calls }
}

function headOf(part: unknown, file: string | URL): Trace {
  const { recorder, version, ...rest } = (part ?? {}) as { recorder?: unknown; version?: unknown }
  if (recorder !== 'deco-ts') throw notATrace(file, 'its first line does not say so')
  if (version !== 1) throw notATrace(file, `it has version ${version}, and this deco-ts reads version 1`)
  return { version, ...rest } as Trace
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function notATrace(file: string | URL, why: string): DecoError {
  return new DecoError(
    `Cannot read ${file} as a recorded trace: ${why}. Way out: record one with DECO_TRACE=FILE, or writeTrace() of deco-ts/trace.`,
  )
}
