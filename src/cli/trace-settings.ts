import { extname } from 'node:path'
import { parseArgs } from 'node:util'
import { UsageError } from './usage-error.js'

/** What `deco trace` is asked for. */
export interface TraceSettings {
  /** A program, or a recorded file. */
  readonly program: string
  /** What the program is given. */
  readonly args: readonly string[]
  /** Where the result goes, if not beside whoever asks. */
  readonly out: string | undefined
  /** Whether the result is opened then. */
  readonly opens: boolean
}

export const TRACE_HELP = `Usage: deco trace PROGRAM [OPTIONS] [-- ARGUMENTS]
       deco trace RECORDED [OPTIONS]

Runs a program of Node.js, records what its jobs do, and writes a page that shows it; or does so with what a program that ran with
DECO_TRACE=FILE has recorded. TypeScript runs by way of tsx, if that is installed.

  -o, --out FILE   where to write: a page if it ends in .html, the Trace Event Format (Perfetto, Chrome) if it ends in .json,
                   what was recorded if it ends in .trace (default: NAME.timeline.html, here)
  --open           opens the file then

Exit code: that of the program; 2 if it was asked for in the wrong way.`

/** @throws {UsageError} for arguments that cannot be used */
export function traceSettings(args: readonly string[]): TraceSettings {
  const end = args.indexOf('--')
  const own = end === -1 ? args : args.slice(0, end)
  const { values, positionals } = parsed(own)
  const [program, ...more] = positionals
  if (program === undefined) throw unusable('without a program')
  if (more.length > 0) throw unusable(`more than one program: ${positionals.join(' ')}. Its arguments come after --`)
  const { out, open: opens = false } = values
  if (out !== undefined && !/^\.(html|json|trace)$/.test(extname(out)))
    throw unusable(`to ${out}: its name must end in .html, .json or .trace`)
  return { program, args: end === -1 ? [] : args.slice(end + 1), out, opens }
}

function parsed(args: readonly string[]) {
  try {
    const options = { out: { type: 'string', short: 'o' }, open: { type: 'boolean' } } as const
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    const [what] = (error as Error).message.split('. ')
    throw new UsageError(`Cannot run deco trace: ${what}. Way out: deco trace --help`)
  }
}

function unusable(what: string): UsageError {
  return new UsageError(`Cannot trace ${what}. Way out: deco trace --help`)
}
