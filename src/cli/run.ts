import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { COMMANDS } from './commands.js'
import { UsageError } from './usage-error.js'

const FAILED = 1
const MISUSED = 2

/** Runs a command. Resolves with its exit code: 0, 1 if it could not be done, 2 if it was asked for in the wrong way. */
export async function run([name, ...args]: readonly string[]): Promise<number> {
  try {
    return await runCommand(name, args)
  } catch (error) {
    // Of its own errors the message says everything, and of those of the library.
    const isOwn = error instanceof UsageError
    console.error(error instanceof Error ? error.message : error)
    return isOwn ? MISUSED : FAILED
  }
}

async function runCommand(name: string | undefined, args: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-v') {
    console.log(version())
    return 0
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    console.log(help())
    return 0
  }
  if (name === undefined) throw new UsageError(help())
  if (!Object.hasOwn(COMMANDS, name))
    throw new UsageError(`Cannot run deco ${name}: there is no such command. Way out: deco --help`)
  const command = await COMMANDS[name]!.load()
  // What comes after `--` is not for deco.
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  if (own.includes('--help') || own.includes('-h')) {
    console.log(command.help)
    return 0
  }
  return command.main(args)
}

function help(): string {
  const names = Object.keys(COMMANDS)
  const width = Math.max(...names.map((name) => name.length))
  const lines = names.map((name) => `  ${name.padEnd(width)}  ${COMMANDS[name]!.summary}`)
  return ['Usage: deco COMMAND [OPTIONS]', '', ...lines, '', 'deco COMMAND --help says more of one of them.'].join('\n')
}

// The package's own file, wherever this one lies in it.
function version(): string {
  const file = createRequire(import.meta.url).resolve('deco-ts/package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
