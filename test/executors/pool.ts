import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { MessageChannel } from 'node:worker_threads'
import test, { type ExecutionContext } from 'ava'
import type { WorkerEnd } from '../../src/executors/deaths.js'
import { startWorker, type Worker } from '../../src/executors/pool.js'
import { Pulse } from '../../src/executors/pulse.js'

// A task of these words, which holds what it is given.
function start(t: ExecutionContext, body: string): { worker: Worker; pulse: Pulse } {
  const folder = mkdtempSync(join(tmpdir(), 'pool-'))
  const file = join(folder, 'task.mjs')
  writeFileSync(file, `export default async ({ pulse }) => { ${body} }`)
  const pulse = new Pulse()
  const worker = startWorker(pathToFileURL(file).href, { pulse: pulse.otherEnd }, [pulse.otherEnd])
  // Nothing else keeps this thread waiting.
  worker.ref()
  t.teardown(async () => {
    await worker.stop()
    rmSync(folder, { recursive: true })
  })
  return { worker, pulse }
}

const ends = test.macro(async (t, body: string, check: (end: WorkerEnd) => boolean) => {
  const { worker } = start(t, body)
  const end = await worker.ended
  t.true(check(end), inspect(end))
})

const threw = ({ error }: WorkerEnd, Class: new () => Error, message: string) =>
  error?.[0] instanceof Class && error[0].message === message

test(
  'a worker that exits ends with its code',
  ends,
  'process.exit(7)',
  ({ exitCode, error }) => exitCode === 7 && error === undefined,
)
test(
  'a worker that breaks ends with the error',
  ends,
  'setTimeout(() => { throw new RangeError("broken") }); await new Promise(() => setInterval(() => {}, 1000))',
  (end) => threw(end, RangeError, 'broken') && end.exitCode === 1,
)
test('a task that throws ends with the error', ends, 'throw new TypeError("thrown")', (end) =>
  threw(end, Error, 'thrown'),
)
test('a task that is done ends without a reason', ends, 'return 1', (end) => Object.keys(end).length === 0)

test('a worker can be stopped, also one that hears nothing, and more than once', async (t) => {
  const { worker } = start(t, 'for (;;);')
  await worker.stop()
  await worker.stop()
  t.true((await worker.ended) !== undefined)
})

test('stopping a worker that has exited by itself ends', async (t) => {
  const { worker } = start(t, 'process.exit(1)')
  await worker.ended
  await worker.stop()
  t.pass()
})

test('a pulse tells without the event loop that its worker has ended', (t) => {
  const { pulse } = start(t, 'process.exit(1)')
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let i = 0; i < 2000 && !pulse.hasStopped; i++) Atomics.wait(pause, 0, 0, 5)
  t.true(pulse.hasStopped)
})

test('a pulse tells that a worker lives, however often it is asked', (t) => {
  const { port1, port2 } = new MessageChannel()
  t.teardown(() => port1.close())
  const pulse = new Pulse()
  port1.postMessage(pulse.otherEnd, [pulse.otherEnd])
  for (let i = 0; i < 5; i++) t.false(pulse.hasStopped)
  port2.close()
})

test('a worker that breaks while it is being stopped disturbs nobody', async (t) => {
  const { worker, pulse } = start(
    t,
    'setTimeout(() => { throw new RangeError("broken") }); await new Promise(() => setInterval(() => {}, 1000))',
  )
  // Its error is on its way through the event loop.
  while (!pulse.hasStopped) await null
  await worker.stop()
  t.pass()
})
