import { realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { UsageError } from '../usage-error.js'
import { CATALOG, type FindingId } from './catalog.js'

/** What `deco doctor` is asked for. */
export interface DoctorSettings {
  readonly cwd: string
  /** Absolute paths. */
  readonly modules: readonly string[]
  readonly json: boolean
  /** Whether the cost of calls is measured. */
  readonly measure: boolean
  /** How long the import of a module, or a first call, may take at all, in ms. */
  readonly limit: number
  /** What an import may take before it is called slow, in ms. */
  readonly slow: number
  /** Kinds of findings that are not wanted. */
  readonly ignore: readonly FindingId[]
}

export const DOCTOR_HELP = `Usage: deco doctor [MODULE…] [OPTIONS]

Checks the set-up of the project in this folder: compilers and their options, bundlers, loaders, versions, copies of deco-ts. Then
loads each module in a worker as deco-ts does, lists its concurrent methods, and tells what else the import does; at the end, what
to mend, the weightiest first. Modules are what the program runs: compiled files, or TypeScript that tsx runs. Nothing else of the
project is run.

  --cwd FOLDER    the folder of the project (default: this one)
  --json          one object of JSON, for machines
  --ignore ID     leaves out findings of this kind; may be given several times
  --no-measure    does not measure how long a worker takes to start, and what a call costs
  --timeout MS    how long importing a module may take (default: 10000)
  --slow MS       how long it may take before it is called slow (default: 1000)

Exit codes: 0 nothing found, 1 something to mend, 2 asked for in the wrong way. What each finding means: docs/doctor.md.`

/** @throws {UsageError} for arguments that cannot be used */
export function doctorSettings(args: readonly string[]): DoctorSettings {
  const { values, positionals } = parsed(args)
  const cwd = folderAt(values.cwd ?? '.')
  return {
    cwd,
    modules: [...new Set(positionals.map((module) => fileAt(cwd, module)))],
    json: values.json === true,
    measure: values['no-measure'] !== true,
    limit: milliseconds('timeout', values.timeout, 10_000),
    slow: milliseconds('slow', values.slow, 1000),
    ignore: (values.ignore ?? []).map(known),
  }
}

const OPTIONS = {
  cwd: { type: 'string' },
  json: { type: 'boolean' },
  'no-measure': { type: 'boolean' },
  timeout: { type: 'string' },
  slow: { type: 'string' },
  ignore: { type: 'string', multiple: true },
} as const

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    const [what] = (error as Error).message.split('. ')
    throw new UsageError(`Cannot run deco doctor: ${what}. Way out: deco doctor --help`)
  }
}

function folderAt(path: string): string {
  try {
    if (statSync(path).isDirectory()) return realpathSync(path)
  } catch {
    // As if it were a file.
  }
  throw new UsageError(`Cannot use --cwd ${path} for deco doctor: it must be a folder that is there.`)
}

function fileAt(cwd: string, module: string): string {
  try {
    const file = realpathSync(resolve(cwd, module))
    if (statSync(file).isFile()) return file
  } catch {
    // As if it were a folder.
  }
  throw new UsageError(`Cannot use ${module} for deco doctor: it must be a file that is there, seen from ${cwd}.`)
}

function known(id: string): FindingId {
  if (Object.hasOwn(CATALOG, id)) return id as FindingId
  throw new UsageError(`Cannot use --ignore ${id} for deco doctor: there is no such finding. Way out: docs/doctor.md`)
}

function milliseconds(option: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value > 0 && value < 2 ** 31) return value
  throw new UsageError(`Cannot use --${option} ${text} for deco doctor: it must be a whole number of milliseconds.`)
}
