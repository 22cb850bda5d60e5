import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ServeOptions } from '../bullmq/serve-options.js'
import { UsageError } from './usage-error.js'

/** What `deco worker` is asked for. */
export interface WorkerSettings {
  readonly serve: Omit<ServeOptions, 'log'>
  /** Where it answers questions about its health. */
  readonly health: { readonly host: string; readonly port: number } | undefined
  /** How long calls may take when it is to leave, in ms. */
  readonly within: number
  /** What must not be seen in anything that it prints. */
  readonly secrets: readonly string[]
}

export const WORKER_HELP = `Usage: deco worker --queue NAME --root FOLDER [OPTIONS]

Serves a queue: runs the calls that programs make with bullmq({ queue }), on worker threads of this machine.

  --queue NAME           the queue (or DECO_QUEUE)
  --root FOLDER          where the compiled modules of jobs lie: nothing outside of it is imported (or DECO_ROOT)
  --connection URL       how to reach Redis: redis://HOST:PORT, or rediss:// with TLS (default: redis://127.0.0.1:6379)
                         A URL with a password belongs into DECO_CONNECTION: everybody on a machine sees its processes' arguments.
  --prefix TEXT          what the names of all keys in Redis begin with (default: bull)
  --concurrency N        number of lanes: worker threads that run calls (default: one for each processor)
  --sign-file FILE       holds the key with which messages are signed, as text: that of bullmq({ sign })
                         The key itself may stand in DECO_SIGN, and nowhere on the command line.
  --dead-after MS        a host of which nothing is heard for so long is taken for dead (default: 15000). The same on all hosts
  --stop-within MS       SIGTERM and SIGINT let calls finish that take no longer; others run them anew (default: 10000)
  --health [HOST:]PORT   answers GET /health and GET /ready with 200 or 503 (HOST by default: 127.0.0.1)

It prints its state: on a terminal in one line, otherwise as JSON, a line whenever something has happened.
A second signal ends it at once. Exit codes: 0 it has left, 1 it could not serve, 2 it was asked for in the wrong way.`

const OPTIONS = [
  ...(['queue', 'root', 'connection', 'prefix', 'concurrency'] as const),
  ...(['sign-file', 'dead-after', 'stop-within', 'health'] as const),
]

type Values = { readonly [option in (typeof OPTIONS)[number]]?: string }

/** @throws {UsageError} for arguments that cannot be used */
export function workerSettings(args: readonly string[], env: NodeJS.ProcessEnv): WorkerSettings {
  const given = parsed(args)
  const queue = needed('queue', given.queue ?? env.DECO_QUEUE)
  const root = needed('root', given.root ?? env.DECO_ROOT)
  const connection = connectionIn(given, env)
  const sign = given['sign-file'] === undefined ? env.DECO_SIGN || undefined : keyIn(given['sign-file'])
  if (sign !== undefined && Buffer.byteLength(sign) < 16)
    throw unusable('the key', 'it must have 16 bytes at least. Way out: openssl rand -base64 32')
  return {
    serve: {
      ...{ queue, root, connection },
      ...(given.prefix !== undefined && { prefix: given.prefix }),
      ...(given.concurrency !== undefined && { concurrency: count('concurrency', given.concurrency, 1) }),
      ...(given['dead-after'] !== undefined && { deadAfter: count('dead-after', given['dead-after'], 300) }),
      ...(sign !== undefined && { sign }),
    },
    health: given.health === undefined ? undefined : addressIn(given.health),
    within: given['stop-within'] === undefined ? 10_000 : count('stop-within', given['stop-within'], 0),
    secrets: [...secretsOf(connection), ...(sign === undefined ? [] : [sign])],
  }
}

function parsed(args: readonly string[]): Values {
  if (args.some((arg) => arg === '--sign' || arg.startsWith('--sign=')))
    throw unusable('--sign', 'the command line is no place for a key. Way out: --sign-file, or DECO_SIGN')
  try {
    const options = Object.fromEntries(OPTIONS.map((option) => [option, { type: 'string' } as const]))
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    const [what] = (error as Error).message.split('. ')
    throw new UsageError(`Cannot run deco worker: ${what}. Way out: deco worker --help`)
  }
}

function needed(option: string, value: string | undefined): string {
  if (value === undefined || value === '')
    throw new UsageError(`Cannot run deco worker without --${option}. Way out: deco worker --help`)
  return value
}

function count(option: string, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(value) && value >= least) return value
  throw unusable(`--${option} ${text}`, `it must be a whole number, ${least} at least`)
}

// It may hold a password: what it is stays unsaid.
function connectionIn(given: Values, env: NodeJS.ProcessEnv): string {
  const from = given.connection !== undefined ? '--connection' : 'DECO_CONNECTION'
  const url = given.connection ?? (env.DECO_CONNECTION || 'redis://127.0.0.1:6379')
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined
  if (protocol === 'redis:' || protocol === 'rediss:') return url
  throw unusable(`what ${from} says`, 'it must be a URL such as redis://127.0.0.1:6379 or rediss://user:password@host')
}

// Text, without the end of its line: whatever bytes it was made of, all machines read the same key.
function keyIn(file: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unusable(`--sign-file ${file}`, (error as Error).message)
  }
  const text = bytes.toString().trim()
  if (/^[\x21-\x7e]*$/.test(text)) return text
  throw unusable(`--sign-file ${file}`, 'it must hold one line of text. Way out: openssl rand -base64 32')
}

function addressIn(text: string): { host: string; port: number } {
  const [, ipv6, host = ipv6 ?? '127.0.0.1', port] = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d{1,5})$/.exec(text) ?? []
  if (port !== undefined && Number(port) <= 65_535) return { host, port: Number(port) }
  throw unusable(`--health ${text}`, 'it must be a port, or a host and a port such as 0.0.0.0:8080 or [::]:8080')
}

function secretsOf(connection: string): string[] {
  const { password } = new URL(connection)
  return password === '' ? [] : [...new Set([password, decodeURIComponent(password)])]
}

function unusable(what: string, why: string): UsageError {
  return new UsageError(`Cannot use ${what} for deco worker: ${why}.`)
}
