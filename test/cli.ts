// What `deco` says of its arguments. The command at work: test/cli/worker.ts.

import { writeFileSync } from 'node:fs'
import test from 'ava'
import { UsageError } from '../src/cli/usage-error.js'
import { type Output, WorkerReport } from '../src/cli/worker-report.js'
import { workerSettings } from '../src/cli/worker-settings.js'
import { Folder } from './helpers/folder.js'
import { read, root } from './helpers/project.js'
import { runNode } from './helpers/run-program.js'

const CLI = `${root}build/src/cli.js`
const KEY = 'a key of more than sixteen bytes'.replaceAll(' ', '-')
const usual = ['--queue', 'climate', '--root', 'dist']
const settings = (more: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => workerSettings([...usual, ...more], env)

test('what is left out of deco worker is as serve() has it', (t) => {
  t.deepEqual(settings(), {
    serve: { queue: 'climate', root: 'dist', connection: 'redis://127.0.0.1:6379' },
    health: undefined,
    within: 10_000,
    secrets: [],
  })
})

test('every option of deco worker goes where it belongs', (t) => {
  const times = ['--dead-after', '5000', '--stop-within', '0', '--health', '0.0.0.0:8080']
  t.deepEqual(settings(['--connection', 'rediss://r:1', '--prefix', 'p', '--concurrency', '3', ...times]), {
    serve: {
      ...{ queue: 'climate', root: 'dist', connection: 'rediss://r:1', prefix: 'p', concurrency: 3, deadAfter: 5000 },
    },
    health: { host: '0.0.0.0', port: 8080 },
    within: 0,
    secrets: [],
  })
})

test('what need not stand on the command line is taken from the environment, and known as a secret', (t) => {
  const DECO_CONNECTION = 'redis://me:p%40ss@r:1'
  const env = { DECO_QUEUE: 'q', DECO_ROOT: 'r', DECO_CONNECTION, DECO_SIGN: KEY }
  t.deepEqual(workerSettings([], env), {
    serve: { queue: 'q', root: 'r', connection: DECO_CONNECTION, sign: KEY },
    health: undefined,
    within: 10_000,
    secrets: ['p%40ss', 'p@ss', KEY],
  })
})

test('the key in a file is its text without the end of the line', (t) => {
  using folder = new Folder()
  const file = folder.file('key')
  writeFileSync(file, `${KEY}\n`)
  t.is(settings(['--sign-file', file]).serve.sign, KEY)
})

for (const [text, host, port] of [
  ['8080', '127.0.0.1', 8080],
  ['localhost:0', 'localhost', 0],
  ['[::]:8080', '::', 8080],
] as const)
  test(`--health ${text}`, (t) => t.deepEqual(settings(['--health', text]).health, { host, port }))

const misused: [args: readonly string[], env: NodeJS.ProcessEnv, says: RegExp][] = [
  [['--root', 'dist'], {}, /^Cannot run deco worker without --queue\. Way out: deco worker --help$/],
  [['--queue', 'q'], {}, /^Cannot run deco worker without --root\./],
  [[...usual, '--lanes', '3'], {}, /^Cannot run deco worker: Unknown option '--lanes'\. Way out: deco worker --help$/],
  [[...usual, 'more'], {}, /^Cannot run deco worker: Unexpected argument 'more'/],
  [[...usual, '--health'], {}, /^Cannot run deco worker: Option '--health/],
  [[...usual, '--sign', KEY], {}, /^Cannot use --sign .*Way out: --sign-file, or DECO_SIGN\.$/],
  [
    [...usual, '--concurrency', 'many'],
    {},
    /^Cannot use --concurrency many .*: it must be a whole number, 1 at least\.$/,
  ],
  [[...usual, '--dead-after', '10'], {}, /^Cannot use --dead-after 10 .* 300 at least\.$/],
  [[...usual, '--health', '65536'], {}, /^Cannot use --health 65536 .*: it must be a port/],
  [[...usual, '--sign-file', 'nowhere'], {}, /^Cannot use --sign-file nowhere .*: ENOENT/],
  [usual, { DECO_SIGN: 'short' }, /^Cannot use the key .*: it must have 16 bytes at least\. Way out: openssl/],
  [usual, { DECO_CONNECTION: 'http://me:xyzzy@r' }, /^Cannot use what DECO_CONNECTION says/],
]
for (const [args, env, says] of misused)
  test(`deco worker ${args.join(' ')} ${JSON.stringify(env)}: says what is wrong, and no secret`, (t) => {
    const error = t.throws(() => workerSettings(args, env), { instanceOf: UsageError, message: says })
    for (const secret of [KEY, 'xyzzy', 'short']) t.false(error!.message.includes(secret))
  })

test('a file that holds no line of text is no key', (t) => {
  using folder = new Folder()
  const file = folder.file('key')
  writeFileSync(file, Buffer.alloc(32, 0xfe))
  t.throws(() => settings(['--sign-file', file]), { message: /it must hold one line of text/ })
})

test('deco --help names every command, and the command is the file that the package names', async (t) => {
  const { bin } = JSON.parse(read('package.json')) as { bin: { deco: string } }
  t.true(read('src/cli.ts').startsWith('#!/usr/bin/env node\n'))
  t.is(bin.deco, 'dist/cli.js')
  const [help, worker, version, unknown, nothing] = await Promise.all(
    [['--help'], ['worker', '--help'], ['--version'], ['wrker'], []].map((args) => runNode([CLI, ...args])),
  )
  t.regex(help!.stdout, /^Usage: deco COMMAND[\s\S]+^ {2}worker {2}serve a queue/m)
  t.regex(worker!.stdout, /^Usage: deco worker --queue NAME --root FOLDER/)
  t.regex(version!.stdout, /^\d+\.\d+\.\d+\n$/)
  t.deepEqual([help!.code, worker!.code, version!.code, unknown!.code, nothing!.code], [0, 0, 0, 2, 2])
  t.regex(unknown!.output, /^Cannot run deco wrker: there is no such command\. Way out: deco --help\n/)
  t.is(unknown!.stdout + nothing!.stdout, '')
})

class Written implements Output {
  text = ''
  readonly columns = 60

  constructor(readonly isTTY: boolean) {}

  write(text: string): void {
    this.text += text
  }
}

const STATE = { lanes: 4, running: 2, batches: 3, calls: 5000, failed: 1, refused: 0, isConnected: true }

test('on a terminal the state is one line that is drawn anew; what happens stands above it', (t) => {
  const output = new Written(true)
  let now = 0
  const report = new WorkerReport(output, ['hunter2'], () => now)
  report.state('h', 'climate', { ...STATE, calls: 0 })
  now = 500
  report.state('h', 'climate', STATE)
  report.happened({ event: 'error', message: 'hunter2 is wrong' })
  report.close()
  const line = 'climate: 2/4 lanes busy  10,000 calls/s  5,000 calls  3 bat'
  t.is(line.length, 59)
  t.deepEqual(output.text.split('\r\x1b[2K').slice(2), [line, `error: *** is wrong\n${line}\n`])
})

test('elsewhere it is a line of JSON whenever something has happened', (t) => {
  const output = new Written(false)
  let now = 0
  const report = new WorkerReport(output, ['hunter2'], () => now)
  report.happened({ event: 'ready', host: 'h', message: 'as hunter2' })
  for (now of [1000, 2000, 3000]) report.state('h', 'climate', now < 3000 ? STATE : { ...STATE, calls: 5100 })
  report.close()
  const lines = output.text.trim().split('\n')
  const [ready, ...states] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  t.like(ready, { event: 'ready', host: 'h', message: 'as ***' })
  t.regex(String(ready!.time), /^\d{4}-\d\d-\d\dT/)
  t.deepEqual(
    states.map(({ callsPerSecond, calls, event }) => [event, calls, callsPerSecond]),
    [
      ['state', 5000, 5000],
      ['state', 5100, 100],
    ],
  )
})
