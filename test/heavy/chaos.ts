// Chaos: 100,000 calls of 20 jobs on one executor, async and blocking at once, while their workers exit, run out of memory, hang,
// break between calls and are terminated from outside, at random. With `retries` every result is right and committed once; without,
// every call has its value or its named error. `CHAOS_SEED` repeats a run, `CHAOS_CALLS` makes it shorter or longer.

import assert from 'node:assert/strict'
import { subscribe } from 'node:diagnostics_channel'
import { setImmediate as turn } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { type DecoError, TimeoutError, threads, WorkerCrashError } from '../../src/index.js'
import { Chaotic, type Fate } from '../fixtures/chaotic.js'

const JOBS = 20
const CALLS = Number(process.env.CHAOS_CALLS ?? 100_000) / JOBS
const PHASE = 100
// One call in so many meets a fate, or has a worker terminated.
const ODDS = 2500
const FATES: readonly Fate[] = ['exits', 'exits', 'leaves an error behind', 'never ends', 'runs out of memory']

const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31))
console.log(`CHAOS_SEED=${seed}`)
const random = randomFrom(seed)

const workers = new Set<Worker>()
subscribe('worker_threads', (message) => {
  const { worker } = message as { worker: Worker }
  workers.add(worker)
  worker.once('exit', () => workers.delete(worker))
})
// Errors that were left behind when their call was over are told as warnings.
let warnings = 0
process.on('warning', ({ name }) => {
  if (name === 'WorkerCrashWarning') warnings++
})

const executor = threads({ workers: 2, resourceLimits: { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4 } })
const counts = { values: 0, crashes: 0, timeouts: 0, terminated: 0, phases: 0, failed: 0 }

/** One job: its calls in phases, each of which ends at the first call that fails. */
class Run {
  readonly job = new Chaotic({ executor })
  readonly method: 'again' | 'once'
  readonly #runs = new Int32Array(new SharedArrayBuffer(4 * CALLS))
  readonly #given = new Map<number, number[]>()
  readonly #fates = new Map<number, { fate: Fate; times: number }>()

  constructor(method: 'again' | 'once') {
    this.method = method
  }

  /** Makes the calls of a phase. */
  make(from: number): void {
    for (let call = from; call < from + PHASE; call++) {
      const fate = random() < 1 / ODDS ? FATES[Math.floor(random() * FATES.length)]! : 'ends'
      const times = fate === 'ends' ? 0 : 1 + Math.floor(random() * 2)
      // What comes back to an argument tells how often a call was committed; it makes calls slow.
      const into: number[] = []
      if (call % 25 === 0 || times > 0) this.#given.set(call, into)
      if (times > 0) this.#fates.set(call, { fate, times })
      this.job.results.set(
        call,
        this.job[this.method](call, fate, times, this.#runs, ...(this.#given.has(call) ? [into] : [])),
      )
      if (random() < 1 / ODDS) this.#terminate()
    }
  }

  /** What has become of a phase: those before the call that failed are committed, once; of the others nothing is. */
  check(from: number, thrown: unknown): void {
    counts.phases++
    const { results, failures } = this.job
    const isOver = (call: number) => !results.isPending(call)
    let end = from
    while (end < from + PHASE && isOver(end)) end++
    for (let call = from; call < from + PHASE; call++) {
      const given = this.#given.get(call)
      this.#given.delete(call)
      assert.equal(isOver(call), call < end, `call ${call} is committed, and one before it is not`)
      if (given !== undefined)
        assert.deepEqual(given, call < end ? [call] : [], `call ${call} is committed once or never`)
      if (call >= end) continue
      counts.values++
      assert.equal(results.get(call), call * 3)
      const { fate, times } = this.#fates.get(call) ?? { fate: 'ends', times: 0 }
      const least = fate === 'leaves an error behind' ? 1 : 1 + times
      assert.ok(
        this.#runs[call]! >= least,
        `call ${call}, which ${fate} ${times} times, has run ${this.#runs[call]} times`,
      )
    }
    if (end === from + PHASE) {
      assert.equal(thrown, undefined)
      return
    }
    counts.failed++
    assert.equal(this.method, 'once', String(thrown))
    assert.equal(failures[0], thrown)
    for (const error of failures) this.#checkError(error as DecoError)
  }

  #checkError(error: DecoError): void {
    assert.ok(error instanceof WorkerCrashError || error instanceof TimeoutError, String(error))
    assert.match(error.message, /^Cannot (finish|begin) a call of Chaotic\.once: .* Way out: /)
    if (error instanceof TimeoutError) counts.timeouts++
    else counts.crashes++
  }

  #terminate(): void {
    const all = [...workers]
    if (all.length === 0) return
    counts.terminated++
    void all[Math.floor(random() * all.length)]!.terminate()
  }
}

async function runAsync(run: Run): Promise<void> {
  for (let from = 0; from < CALLS; from += PHASE) run.check(from, await caught(() => run.job.run(() => run.make(from))))
}

async function runBlocking(run: Run): Promise<void> {
  for (let from = 0; from < CALLS; from += PHASE) {
    run.check(from, await caught(() => run.job.block(() => run.make(from))))
    // The others get their turn.
    await turn()
  }
}

async function caught(run: () => unknown): Promise<unknown> {
  try {
    await run()
  } catch (error) {
    return error
  }
  return undefined
}

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const start = performance.now()
const all = Array.from({ length: JOBS }, (_, i) => {
  const run = new Run(i % 2 === 0 ? 'again' : 'once')
  return { run, done: i % 4 < 2 ? runAsync(run) : runBlocking(run) }
})
await Promise.all(all.map(({ done }) => done))
for (const { run } of all) {
  assert.equal(run.job.pending, 0)
  assert.equal(run.job.results.size, CALLS)
}
await executor.close()
const { values, phases, failed, crashes, timeouts, terminated } = counts
const seconds = ((performance.now() - start) / 1000).toFixed(0)
console.log(
  `${JOBS * CALLS} calls in ${phases} phases: ${values} values, ${failed} phases that failed; ${crashes} crashes and ${timeouts} ` +
    `timeouts told, ${terminated} workers terminated, ${warnings} broken between calls; ${seconds} s`,
)
