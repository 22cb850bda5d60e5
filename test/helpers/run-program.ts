import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

// Far beyond what any program here takes: one that does not end by itself is ended, and its test fails.
const LIMIT = 150_000

export interface Outcome {
  /** Exit code; -1 if the program had to be ended. */
  readonly code: number
  readonly stdout: string
  /** What it printed to either stream, for a failing test to show. */
  readonly output: string
}

/** Runs a program until it exits by itself. */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  try {
    const { stdout, stderr } = await promisify(execFile)(file, args, {
      timeout: LIMIT,
      killSignal: 'SIGKILL',
      ...options,
    })
    return { code: 0, stdout, output: stdout + stderr }
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
    return { code: typeof code === 'number' ? code : -1, stdout, output: `${stdout}${stderr}${String(error)}` }
  }
}

/** Runs a program of Node.js's. */
export function runNode(args: readonly string[], options?: Parameters<typeof runProgram>[2]): Promise<Outcome> {
  return runProgram(process.execPath, args, options)
}

/** Runs a tool, whose coverage nobody wants. */
export function runTool(
  file: string,
  args: readonly string[],
  cwd?: string,
  more: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const { NODE_V8_COVERAGE: _, ...env } = process.env
  return runProgram(file, args, { env: { ...env, ...more }, ...(cwd === undefined ? {} : { cwd }) })
}
