import { randomInt } from 'node:crypto'
import { types } from 'node:util'
import type { ExecutionContext } from 'ava'
import fc from 'fast-check'
import { ConflictError, DecoError } from '../../src/index.js'
import type { Executor } from '../../src/protocol.js'
import { recording } from '../../src/testing/index.js'
import {
  type GeneratedClass,
  type GeneratedJob,
  type Guide,
  METHODS,
  type Method,
  type Own,
  type Program,
  Undecorated,
} from '../fixtures/generated/job.js'
import { canonical } from './canonical.js'
import { type Pool, pool } from './generated-pool.js'
import { type Mode, programs } from './generated-programs.js'

/** How a variant of the property runs its programs. */
export interface Variant {
  readonly mode: Mode
  readonly isAsync: boolean
  readonly runs: number
  /** An executor for each program, made from the program's own random number. */
  executor(random: number): Executor
  /** A class for each program. */
  class(): GeneratedClass
}

/** What a run of a program came to: everything there was to see at the end of each phase, and of the program. */
interface Ending {
  readonly seen: string[]
  threw?: unknown
}

/** What a serial run tells about its program. */
interface Serial extends Ending {
  /** The step of each phase that threw. */
  readonly cuts: readonly number[]
  /** The caller wrote to a place that a call of the phase had changed before: that is a conflict, rerun or not. */
  readonly collides: boolean
  /** The caller wrote to its own objects while calls were pending. */
  readonly writes: boolean
  /** The caller did what cannot be seen at run time. */
  readonly isBeyond: boolean
}

/** Runs programs in a way, and serially without decorators; the first that ends otherwise is made small, and fails the test. */
export async function endsAsSerially(t: ExecutionContext, variant: Variant): Promise<void> {
  const seed = Number(process.env.EQUIVALENCE_SEED ?? randomInt(2 ** 31))
  const tally: Tally = { programs: 0, conflicts: 0, reran: 0, beyond: 0 }
  let found: { text: string } | undefined
  const check = fc.asyncProperty(programs(variant.mode), fc.nat(), async (program, random) => {
    tally.programs++
    const serial = await serially(program, variant.isAsync)
    if (serial.isBeyond) {
      tally.beyond++
      return
    }
    if (serial.threw !== undefined) throw serial.threw
    const executor = recording(variant.executor(random))
    const parallel = await inParallel(program, serial.cuts, variant, executor)
    const isConflict = isAllowed(parallel.threw, serial)
    if (isConflict) tally.conflicts++
    else if (executor.calls.some(({ runs }) => runs > 1)) {
      tally.reran++
      tally.conflicts++
    }
    const where = difference(serial, parallel, isConflict)
    if (where === undefined) return
    found = { text: `${where}\n${inspectProgram(program)}` }
    throw new Error('ends otherwise')
  })
  const details = await fc.check(check, { seed, numRuns: variant.runs })
  t.log(`${report(tally)}; EQUIVALENCE_SEED=${seed}`)
  for (const key of Object.keys(total) as (keyof Tally)[]) total[key] += tally[key]
  if (details.failed) {
    t.fail(
      `EQUIVALENCE_SEED=${seed}, after ${details.numRuns} programs and ${details.numShrinks} steps of shrinking: ${found?.text ?? details.errorInstance}`,
    )
    return
  }
  t.pass()
}

/** What all programs of a test file came to. */
export function sumsUp(t: ExecutionContext): void {
  const { programs, conflicts, beyond } = total
  t.log(report(total))
  t.true(beyond * 20 < programs, 'nearly all programs are compared')
  // Of a few programs, fewer may have some.
  if (programs >= 1000) t.true(conflicts * 10 >= programs, 'at least a tenth of the programs have conflicts')
}

interface Tally {
  programs: number
  conflicts: number
  reran: number
  beyond: number
}

const total: Tally = { programs: 0, conflicts: 0, reran: 0, beyond: 0 }

function report({ programs, conflicts, reran, beyond }: Tally): string {
  const say = (n: number) => `${n} (${Math.round((n / programs) * 100)} %)`
  return `${programs} programs, ${say(conflicts)} with conflicts, ${say(reran)} reran, ${say(beyond)} not comparable`
}

async function serially(program: Program, isAsync: boolean): Promise<Serial> {
  const its = pool()
  const job = new Undecorated().withPool(its.roots)
  const guide = new Watching(job, its, program)
  await run(program, job, guide, isAsync)
  return guide
}

async function inParallel(
  program: Program,
  cuts: readonly number[],
  { class: make, isAsync }: Variant,
  executor: Executor,
): Promise<Ending> {
  const its = pool()
  const job = new (make())({ executor }).withPool(its.roots)
  const guide = new Following(job, its, cuts)
  await run(program, job, guide, isAsync)
  return guide
}

async function run(program: Program, job: GeneratedJob, guide: Watching | Following, isAsync: boolean): Promise<void> {
  try {
    const result = isAsync ? await job.runAsync(program, guide) : job.run(program, guide)
    guide.see(result)
  } catch (error) {
    guide.threw = error
  }
}

abstract class Seeing implements Guide, Ending {
  readonly seen: string[] = []
  threw?: unknown
  readonly #job: GeneratedJob
  readonly #roots: readonly unknown[]
  protected readonly places: Pool['places']
  protected phase = 0
  protected step = 0
  #caught: unknown
  #written = 0

  constructor(job: GeneratedJob, pool: Pool) {
    this.#job = job
    this.#roots = pool.roots
    this.places = [...pool.places, [job, 'count']]
  }

  abstract goesOn(): boolean

  // What is written is always new, so that it makes a difference.
  own(place: number, how: Own): void {
    write(this.places[place % this.places.length]!, how, 1000 + ++this.#written)
  }

  synchronized(): void {}

  caught(error: unknown, _: readonly unknown[]): void {
    this.#caught = error
  }

  phaseEnded(): void {
    this.see(this.#caught)
    this.#caught = undefined
    this.phase++
    this.step = 0
  }

  see(value: unknown): void {
    const { count, state, extra, map, list, table, seen } = this.#job
    this.seen.push(canonical([this.#roots, value, count, state, extra, map, [...list], list.length, table, seen]))
  }
}

/** Watches a serial run. */
class Watching extends Seeing implements Serial {
  readonly cuts: number[] = []
  collides = false
  writes = false
  isBeyond = false
  readonly #looks: boolean
  #before: readonly Held[] = []
  // What the caller has deleted in this phase.
  readonly #deleted = new Set<number>()
  // Of each place: how many calls of the phase changed it, and whether it was there when the phase began.
  #changes: { count: number; wasThere: boolean; keys: boolean; locked: boolean }[] = []

  constructor(job: GeneratedJob, pool: Pool, program: Program) {
    super(job, pool)
    // Looking at all places at every step takes its time.
    this.#looks = program.some((phase) => phase.some((statement) => statement.do === 'own'))
    this.synchronized()
  }

  goesOn(): boolean {
    this.#look()
    this.step++
    return true
  }

  override own(place: number, how: Own): void {
    const i = place % this.places.length
    const [change, now] = [this.#changes[i]!, this.#before[i]!]
    super.own(place, how)
    this.#before = this.places.map(held)
    if (change.count > 0) this.collides = true
    this.writes = true
    const adds = how !== 'delete' && (!now.isThere || this.places[i]![0] instanceof Set)
    // A key that the caller itself takes out and sets again is not seen to have moved.
    const renews = adds && this.#deleted.has(i)
    if (how === 'delete') this.#deleted.add(i)
    const deletesUnseen = how === 'delete' && change.count > 0 && (!change.wasThere || change.count > 1)
    if ((renews && change.keys) || deletesUnseen || change.locked) this.isBeyond = true
  }

  override synchronized(): void {
    this.#deleted.clear()
    if (!this.#looks) return
    this.#before = this.places.map(held)
    this.#changes = this.#before.map(({ isThere }) => ({ count: 0, wasThere: isThere, keys: false, locked: false }))
  }

  override caught(error: unknown, failures: readonly unknown[]): void {
    super.caught(error, failures)
    this.cuts[this.phase] = this.step - 1
  }

  #look(): void {
    if (!this.#looks) return
    const now = this.places.map(held)
    for (const [i, change] of this.#changes.entries()) {
      const [a, b] = [this.#before[i]!, now[i]!]
      const keys = a.keys.length !== b.keys.length || a.keys.some((key, j) => !Object.is(key, b.keys[j]))
      // A key that is taken out and set again has changed, even if it holds the same: it comes last.
      const hasMoved = keys && b.isThere && isBehindOthers(this.places[i]![1], a.keys, b.keys)
      if (a.isThere !== b.isThere || !Object.is(a.value, b.value) || hasMoved) change.count++
      change.keys ||= keys
      change.locked ||= a.isLocked !== b.isLocked
    }
    this.#before = now
  }
}

/** Goes with a parallel run, as far as the serial one went. */
class Following extends Seeing {
  readonly #cuts: readonly number[]

  constructor(job: GeneratedJob, pool: Pool, cuts: readonly number[]) {
    super(job, pool)
    this.#cuts = cuts
  }

  goesOn(): boolean {
    return this.step++ < (this.#cuts[this.phase] ?? Number.POSITIVE_INFINITY)
  }

  override caught(error: unknown, failures: readonly unknown[]): void {
    if (error instanceof DecoError) throw error
    if (failures.length === 0 || !Object.is(failures[0], error))
      throw new Error('job.failures does not begin with the error thrown')
    super.caught(error, failures)
  }
}

interface Held {
  readonly isThere: boolean
  readonly value: unknown
  readonly keys: readonly unknown[]
  readonly isLocked: boolean
}

// Whether a key comes after others now before which it came.
function isBehindOthers(key: unknown, before: readonly unknown[], now: readonly unknown[]): boolean {
  const later = new Set(before.slice(before.indexOf(key) + 1))
  return before.includes(key) && now.slice(0, now.indexOf(key)).some((other) => later.has(other))
}

// What a place of the pool holds. Of bytes and dates, any change counts.
function held([holder, key]: Pool['places'][number]): Held {
  const isLocked = !Object.isExtensible(holder)
  if (holder instanceof Map)
    return { isThere: holder.has(key), value: holder.get(key), keys: [...holder.keys()], isLocked }
  if (holder instanceof Set) return { isThere: holder.has(key), value: holder.has(key), keys: [...holder], isLocked }
  if (holder instanceof Date) return { isThere: true, value: holder.getTime(), keys: [], isLocked }
  if (types.isTypedArray(holder))
    return { isThere: true, value: Buffer.from(holder.buffer).toString('hex'), keys: [], isLocked }
  return {
    isThere: Object.hasOwn(holder, key as string),
    value: (holder as Record<string, unknown>)[key as string],
    keys: [...Object.keys(holder), Array.isArray(holder) ? holder.length : 0],
    isLocked,
  }
}

function write([holder, key]: Pool['places'][number], how: Own, value: number): void {
  const written = how === 'object' ? { a: value } : value
  if (holder instanceof Date) holder.setTime(value)
  else if (holder instanceof Set) how === 'delete' ? holder.delete(key) : holder.add(written)
  else if (holder instanceof Map) how === 'delete' ? holder.delete(key) : holder.set(key, written)
  else if (how === 'delete') Reflect.deleteProperty(holder, key as string)
  else Reflect.set(holder, key as string, types.isTypedArray(holder) ? value : written)
}

// Whether an error is one with which a program may end, whose serial run ends otherwise.
function isAllowed(error: unknown, { collides, writes }: Serial): boolean {
  if (!(error instanceof ConflictError)) return false
  const { calls, method } = error.details!
  if (error.message.includes('gets an object that the caller has changed')) return writes
  return calls.length === 1 ? collides : !METHODS[method as Method].rerun
}

function difference(serial: Serial, parallel: Ending, isConflict: boolean): string | undefined {
  // As far as it came, it came as the serial run did.
  const seen = isConflict ? serial.seen.slice(0, parallel.seen.length) : serial.seen
  if (!isConflict && parallel.threw !== undefined) return `threw ${stackOf(parallel.threw)}`
  const at = Math.max(seen.length, parallel.seen.length)
  for (let i = 0; i < at; i++) {
    if (seen[i] !== parallel.seen[i]) return `after phase ${i + 1}:\n${contrast(seen[i], parallel.seen[i])}`
  }
  return undefined
}

// Two texts from shortly before they part.
function contrast(serial = 'nothing', parallel = 'nothing'): string {
  let at = 0
  while (serial[at] === parallel[at]) at++
  const part = (text: string) => `${at > 80 ? '…' : ''}${text.slice(Math.max(0, at - 80), at + 80)}…`
  return `serial   ${part(serial)}\nparallel ${part(parallel)}`
}

function stackOf(error: unknown): string {
  return error instanceof Error ? String(error.stack) : String(error)
}

function inspectProgram(program: Program): string {
  return program
    .map(
      (phase, i) =>
        `phase ${i + 1}:\n${phase.map((statement) => `  ${JSON.stringify(statement).replaceAll('"', '')}`).join('\n')}`,
    )
    .join('\n')
}
