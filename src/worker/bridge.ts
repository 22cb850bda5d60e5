import type { ChildProcess } from 'node:child_process'
import type { MessagePort } from 'node:worker_threads'
import Tinypool from 'tinypool'
import { ChildState } from '../child-state.js'
import type { Batch, BridgeSetup, ProcessSetup, Report } from '../protocol.js'

const ENTRY = new URL('process.js', import.meta.url).href

// What a process has printed is passed on after its end, unless that takes longer, in ms: its own children may hold the pipe.
const LAST_WORDS = 200

/**
 * A thread that stands for one worker process. The main thread speaks with it as with any worker thread, and may block
 * meanwhile: sending messages to a process, and hearing from it, takes an event loop that turns.
 */
export default async function bridge(setup: BridgeSetup<MessagePort>): Promise<void> {
  const { port, pulse, answered, isTwin, starts, recycleAbove, execArgv, env } = setup
  const state = new ChildState(setup.child)
  const pool = new Tinypool({
    ...{ filename: ENTRY, runtime: 'child_process', serialization: 'advanced', minThreads: 1, maxThreads: 1 },
    ...{ execArgv, env },
  })
  // A worker that crashes is replaced by a lane of its own, not by the pool.
  pool.options.minThreads = 0
  pool.on('error', () => {})
  const { process: child } = pool.threads[0] as unknown as { process: ChildProcess }
  state.started(child.pid ?? 0)
  const closed = [port, pulse].map((end) => new Promise((resolve) => end.once('close', resolve)))
  void closed[0]!.then(() => child.kill('SIGKILL'))
  const relay = new Relay((report) => {
    port.postMessage(report)
    Atomics.add(answered, 0, 1)
    Atomics.notify(answered, 0)
  })
  port.on('message', (batch: Batch) => relay.send(batch))
  let broken: Error | undefined
  pool.run({ isTwin, starts, recycleAbove } satisfies ProcessSetup, { channel: relay }).catch((error) => {
    // Without its task a process is of no use. That it is gone is an error of the task, too; the pool makes plain objects of others.
    if (child.exitCode === null && child.signalCode === null) broken = Object.assign(new Error(), error as Error)
    child.kill('SIGKILL')
  })
  state.ended(...(await endOf(child)))
  // When its task is done this thread sleeps: until then the other ends have to know.
  for (const end of [port, pulse]) end.close()
  await Promise.all(closed)
  if (broken !== undefined) throw broken
}

/** Hands batches on to the process as soon as it listens, and reports back. */
class Relay {
  readonly #report: (report: Report) => void
  readonly #early: Batch[] = []
  #toProcess: ((batch: Batch) => void) | undefined
  #isReady = false

  constructor(report: (report: Report) => void) {
    this.#report = report
  }

  send(batch: Batch): void {
    if (this.#isReady) this.#toProcess!(batch)
    else this.#early.push(batch)
  }

  // What the pool asks of a channel.

  onMessage(send: (batch: Batch) => void): void {
    this.#toProcess = send
  }

  postMessage(message: unknown): void {
    if (message === 'ready') {
      this.#isReady = true
      for (const batch of this.#early.splice(0)) this.#toProcess!(batch)
    } else if (isReport(message)) this.#report(message)
  }
}

// Methods may send messages of their own, to whomever.
function isReport(message: unknown): message is Report {
  return typeof message === 'object' && message !== null && 'values' in message && 'times' in message
}

type End = [exitCode: number | null, signal: NodeJS.Signals | null]

// A process is gone when its last messages and what it printed have been passed on.
async function endOf(child: ChildProcess): Promise<End> {
  const exited = new Promise<End>((resolve, reject) => {
    child.once('exit', (...end) => resolve(end))
    // Not of a process that could be started: the pool calls any end an error.
    child.once('error', (error) => child.pid === undefined && reject(error))
  })
  const disconnected = new Promise<void>((resolve) => child.once('disconnect', resolve))
  const closed = new Promise<void>((resolve) => child.once('close', resolve))
  // Nobody can speak with it any more.
  void disconnected.then(() => child.kill('SIGKILL'))
  const end = await exited
  await disconnected
  // The pool stops listening when the process ends.
  child.stdout?.pipe(process.stdout, { end: false })
  child.stderr?.pipe(process.stderr, { end: false })
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, LAST_WORDS))])
  return end
}
