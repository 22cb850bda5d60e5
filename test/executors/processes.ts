import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { processes, WorkerCrashError } from '../../src/index.js'
import { Tethered } from '../fixtures/tethered.js'
import { Whereabouts } from '../fixtures/whereabouts.js'
import { runNode } from '../helpers/run-program.js'
import { throwsSaying } from '../helpers/throws-saying.js'

for (const option of ['workers', 'batch', 'maxPending', 'recycleAbove', 'idleTimeout'] as const) {
  for (const value of [0, -1, '2', null]) {
    test(`processes({ ${option}: ${typeof value === 'string' ? `'${value}'` : value} }) is refused`, (t) => {
      throwsSaying(
        t,
        () => processes({ [option]: value as number }),
        RangeError,
        `Cannot use ${value} for processes({ ${option} })`,
      )
    })
  }
}

test('limits of memory, command-line options and environment are those of the process', async (t) => {
  await using executor = processes({
    workers: 1,
    resourceLimits: { maxOldGenerationSizeMb: 150, maxYoungGenerationSizeMb: 6 },
    execArgv: ['--no-warnings'],
    env: { GREETING: 'hello' },
  })
  const { execArgv, env, heap } = await new Tethered({ executor }).settings()
  t.deepEqual(execArgv, ['--no-warnings', '--max-old-space-size=150', '--max-semi-space-size=2'])
  t.is(env.GREETING, 'hello')
  t.is(env.PATH, undefined)
  t.true(heap > 100 && heap < 200, `${heap} MB`)
})

test('without options, options and environment are those of the program', async (t) => {
  await using executor = processes({ workers: 1 })
  const { execArgv, env } = await new Tethered({ executor }).settings()
  t.deepEqual(execArgv, process.execArgv)
  t.is(env.PATH, process.env.PATH)
})

test('a worker that has nothing to do is stopped after idleTimeout, and another one takes the next call', async (t) => {
  const server = await listen(t)
  await using executor = processes({ workers: 1, idleTimeout: 1 })
  await new Tethered({ executor }).tie(server.port)
  await server.allClosed(1)
  t.regex(await new Whereabouts({ executor }).where(), /^process \d+$/)
})

test('messages that a method sends itself are nobody\u2019s business, and SIGINT is the program\u2019s', async (t) => {
  await using executor = processes({ workers: 1 })
  const job = new Tethered({ executor })
  t.is(await job.sendNonsense(), 1)
  t.is(await job.interrupt(), 1)
  t.is(job.block(() => [job.sendNonsense()])[0], 1)
})

test('a process that hears of what is no batch is ended with a warning, and the next one takes the next call', async (t) => {
  await using executor = processes({ workers: 1 })
  const job = new Tethered({ executor })
  const warned = once(process, 'warning') as Promise<[Error]>
  t.is(await job.forge(), 1)
  t.is(await job.sendNonsense(), 1)
  const [{ name, message }] = await warned
  t.is(name, 'WorkerCrashWarning')
  t.regex(message, /Cannot run a batch of calls: it has no number/)
})

test('results larger than a pipe arrive whole, in both styles', async (t) => {
  await using executor = processes({ workers: 1, batch: 10 })
  const job = new Tethered({ executor })
  const sizes = Array.from({ length: 10 }, (_, i) => 1_000_000 + i)
  const all = job.block(() => sizes.map((n) => job.bytes(n)))
  const again = await Promise.all(sizes.map((n) => job.bytes(n)))
  for (const results of [all, again]) {
    t.deepEqual(
      results.map(({ length }) => length),
      sizes,
    )
    t.true(results.every((bytes, i) => bytes.every((byte) => byte === sizes[i]! % 256)))
  }
})

test('close() ends processes that are busy, in whatever way, before it is done', async (t) => {
  const server = await listen(t)
  const executor = processes({ workers: 2 })
  const [looping, waiting] = [new Tethered({ executor }), new Tethered({ executor })]
  looping.tieAndLoop(server.port)
  waiting.tieAndWait(server.port)
  await server.opened(2)
  await executor.close()
  await server.allClosed(2)
  for (const job of [looping, waiting])
    await t.throwsAsync(job.wait(), { instanceOf: WorkerCrashError, message: /closed/ })
})

test('close() before a process has started ends, and leaves none behind', async (t) => {
  const executor = processes({ workers: 2 })
  const job = new Whereabouts({ executor })
  const places = Promise.allSettled([job.where(), job.where()])
  await new Promise((resolve) => setImmediate(resolve))
  await executor.close()
  // On a busy machine a process may have started, and answered, before this thread had its turn.
  for (const place of await places)
    if (place.status === 'fulfilled') t.regex(place.value, /^process /)
    else t.regex(String(place.reason), /WorkerCrashError: .* closed/)
})

test('what a process prints comes out of the program, its last words too', async (t) => {
  const program = fileURLToPath(new URL('../fixtures/programs/printing.js', import.meta.url))
  const { code, stdout, output } = await runNode([program])
  t.is(code, 0, output)
  t.deepEqual(stdout.split('\n').sort(), ['', 'WorkerCrashError', 'at its end', 'while it runs'])
  t.is(output.slice(stdout.length), 'while it runs\n')
})

const leavesNone = test.macro({
  async exec(t, how: 'kill' | 'exit' | 'throw') {
    const server = await listen(t)
    const program = fileURLToPath(new URL('../fixtures/programs/tethering.js', import.meta.url))
    const child = fork(program, [String(server.port), how], { stdio: 'ignore', execArgv: [] })
    t.teardown(() => child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    await server.opened(3)
    if (how === 'kill') child.kill('SIGKILL')
    else child.send('end')
    t.deepEqual(await exited, { kill: [null, 'SIGKILL'], exit: [7, null], throw: [1, null] }[how])
    await server.allClosed(3)
    t.pass()
  },
  title: (_, how) => `no process outlives its program: ${how}`,
})

test(leavesNone, 'kill')
test(leavesNone, 'exit')
test(leavesNone, 'throw')

// Counts connections, each of which lasts as long as a process.
async function listen(t: ExecutionContext): Promise<Connections> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return new Connections(server)
}

class Connections {
  readonly #sockets: Socket[] = []
  readonly #server: Server
  #closed = 0
  #tell: (() => void) | undefined

  constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => {
      this.#sockets.push(socket)
      // A process that is killed resets its connection.
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#closed++
        this.#tell?.()
      })
      socket.resume()
      this.#tell?.()
    })
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  opened(count: number): Promise<void> {
    return this.#until(() => this.#sockets.length === count)
  }

  allClosed(count: number): Promise<void> {
    return this.#until(() => this.#closed === count)
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve
      })
    }
  }
}
