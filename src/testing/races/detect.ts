import { AsyncLocalStorage } from 'node:async_hooks'
import { isJob, type Job, schedulerOf } from '../../job.js'
import type { Executor } from '../../protocol.js'
import { scheduleBy } from '../../schedulers.js'
import { checkFunction, checkOptions } from '../checks.js'
import { Bytes } from './bytes.js'
import { Guards } from './guards.js'
import { tellOfInspect } from './inspecting.js'
import { Membrane, type Viewers } from './membrane.js'
import { Memory } from './memory.js'
import { tellOf } from './natives.js'
import type { CallStrand } from './place.js'
import { type Race, Races } from './race.js'
import { reportOf } from './report.js'
import { SerialCalls, type Show, type Watch } from './serial-calls.js'

/** What is told about a race. */
export interface RaceOptions {
  /** Outcomes that are no reason to fail: `['serial order']` lets pass what deco-ts puts right by itself. Default: none. */
  readonly allow?: readonly Race['outcome'][]
}

/**
 * Finds the determinacy races of a job: pairs of accesses to one place, of which at least one is a write, that nothing orders but the
 * place of their calls in the program. It runs the job once, serially, each call at once and on the caller's own objects, and
 * notes what every call reads and writes, and what the calling method touches before they are committed. For that input
 * there are no false alarms, and nothing is missed but what a calling method does unseen: that it reads the `length` of an array, an
 * element of a Buffer or of a typed array made before the run, or a property that a call has taken away. docs/testing.md tells all.
 *
 * Calls of one phase are parallel to each other, and to what their caller does until the next synchronization event. A Future that is
 * passed as an argument orders its two calls, and so does reading a pending place.
 *
 * @param makeJob makes a new job with the options that it is given
 * @param run calls what is to be examined
 * @returns the races, those of the same lines together
 * @throws what `run` throws
 * @example
 * const races = await detectRaces((options) => new Climate(options), (job) => job.processAll(smallGrid))
 * assert.deepEqual(races, [])
 */
export function detectRaces<J extends Job>(
  makeJob: (options: { executor: Executor }) => J,
  run: (job: J) => unknown,
): Promise<readonly Race[]> {
  if (examining.getStore() !== undefined)
    return Promise.reject(
      new Error(
        'Cannot look for races within a run that is being looked at: it would wait for itself. Way out: one detectRaces() after the other.',
      ),
    )
  const turn = last.then(() =>
    examining.run(true, () => {
      checkFunction('detectRaces()', 'makeJob', makeJob)
      checkFunction('detectRaces()', 'run', run)
      return examine(makeJob, run)
    }),
  )
  last = turn.catch(() => {})
  return turn
}

/**
 * Fails if a job has a determinacy race: see {@link detectRaces}.
 *
 * @throws {Error} whose message tells every race: both calls, both lines, the place, what deco-ts makes of it, and how to mend it
 * @example
 * await assertNoRaces((options) => new Climate(options), (job) => job.processAll(smallGrid))
 */
export async function assertNoRaces<J extends Job>(
  makeJob: (options: { executor: Executor }) => J,
  run: (job: J) => unknown,
  options: RaceOptions = {},
): Promise<void> {
  checkOptions('assertNoRaces()', options, ['allow'])
  const { allow = [] } = options
  if (!Array.isArray(allow) || allow.some((outcome) => !OUTCOMES.includes(outcome as Race['outcome'])))
    throw new TypeError(
      `Cannot use ${String(allow)} as what assertNoRaces() is to allow: it must be a list of ${OUTCOMES.join(', ')}.`,
    )
  const races = (await detectRaces(makeJob, run)).filter(({ outcome }) => !allow.includes(outcome))
  if (races.length > 0) throw new Error(reportOf(races))
}

const OUTCOMES: readonly Race['outcome'][] = ['refused', 'rerun', 'serial order', 'unseen']

const examining = new AsyncLocalStorage<true>()

// One at a time: the language's own methods are told of one detector.
let last: Promise<unknown> = Promise.resolve()

async function examine<J extends Job>(
  makeJob: (options: { executor: Executor }) => J,
  run: (job: J) => unknown,
): Promise<readonly Race[]> {
  for (const viewers of ['all', 'calls'] as const) {
    const detector = new Detector(viewers)
    try {
      return await detector.detect(makeJob, run)
    } catch (error) {
      // Somebody handed a typed array to a method of Node.js, which takes no proxy, or looked at it closely.
      if (!detector.isToBlame(error)) throw error
    }
  }
  return await new Detector('nobody').detect(makeJob, run)
}

class Detector implements Watch {
  readonly #races = new Races()
  readonly #memory = new Memory((earlier, later) => this.unseen(() => this.#races.add(earlier, later)))
  readonly #bytes = new Bytes(this.#memory, (earlier, later) => this.unseen(() => this.#races.add(earlier, later)))
  readonly #membrane: Membrane
  readonly #guards = new Guards(this.#memory)
  #time = 0
  #isOver = false

  constructor(viewers: Viewers) {
    this.#membrane = new Membrane(this.#memory, this.#bytes, viewers, () => examining.getStore() === true)
  }

  isToBlame(error: unknown): boolean {
    return this.#membrane.isToBlame(error)
  }

  async detect<J extends Job>(
    makeJob: (options: { executor: Executor }) => J,
    run: (job: J) => unknown,
  ): Promise<readonly Race[]> {
    const executor = executorOf((job) => new SerialCalls(job, this))
    const [stop, stopInspecting] = [tellOf(this.#membrane, this.#guards), tellOfInspect(this.#membrane)]
    try {
      const job = makeJob({ executor })
      if (!isJob(job) || !(schedulerOf(job) instanceof SerialCalls)) {
        throw new TypeError(
          'Cannot look for races: makeJob must return a new job, made with the options that it is given. Way out: ' +
            '(options) => new Climate(options).',
        )
      }
      await run(job)
      await job.wait()
    } finally {
      this.committed(true)
      this.#isOver = true
      stopInspecting()
      stop()
    }
    return this.#races.all
  }

  tick(): number {
    return ++this.#time
  }

  run(strand: CallStrand, invoke: (show: Show) => unknown): unknown {
    this.unseen(() => this.#guards.check())
    const show: Show = (value, root) => this.#membrane.show(value, undefined, root)
    return this.#memory.run(
      strand,
      () => invoke(show),
      (value) => this.unseen(() => this.#end(strand, value)),
    )
  }

  underWay(strand: CallStrand, objects: Iterable<unknown>): void {
    this.unseen(() => {
      this.#memory.goesOn(strand)
      this.#guards.putOn(objects)
    })
  }

  committed(isLast: boolean): void {
    this.unseen(() => {
      this.#guards.check()
      this.#bytes.check()
      if (!isLast) return
      this.#guards.lift()
      this.#memory.forget()
      this.#bytes.forget()
    })
  }

  skip(isSkipping: boolean): void {
    this.#memory.isMuted = isSkipping
  }

  unseen<T>(look: () => T): T {
    const memory = this.#memory
    const before = memory.isMuted
    memory.isMuted = true
    try {
      return look()
    } finally {
      memory.isMuted = before
    }
  }

  // Gives what the call returned or threw as its caller is to have it.
  #end(strand: CallStrand, value: unknown): unknown {
    const membrane = this.#membrane
    membrane.hidden.end(strand)
    this.#bytes.end(strand)
    this.#memory.end(strand)
    for (const made of strand.made) membrane.clean(made)
    const cleaned = membrane.clean(value)
    // One for which nobody has waited leaves nothing behind.
    if (!this.#isOver) this.#guards.put(strand.accesses.map(({ place }) => place))
    return cleaned
  }
}

function executorOf(schedule: Parameters<typeof scheduleBy>[1]): Executor {
  const executor: Executor = {
    name: 'the race detector',
    importsModules: false,
    submit() {},
    flush() {},
    poll: () => false,
    block() {},
    checkShared: (_, done) => done(),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  }
  scheduleBy(executor, schedule)
  return executor
}
