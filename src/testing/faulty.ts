import { TimeoutError, WorkerCrashError } from '../errors.js'
import type { Executor, ExecutorCall } from '../protocol.js'
import { checkExecutor, checkFunction, checkOptions, checkWhole } from './checks.js'
import type { InPlaceCall } from './in-place.js'
import { OpenCalls } from './open-calls.js'
import { checkSeed, randomFrom } from './random.js'
import { innermost, Relay } from './relay.js'

/** Which calls have a fault: those for which everything holds that is said here. */
export interface Fault {
  /** The part of the calls, from 0 to 1, drawn anew for each run of each call. Default: 1. */
  readonly rate?: number
  /** Name of the method, with its class or without: `'Climate.process'`, `'process'`. Default: any. */
  readonly method?: string
  /** Numbers of the calls among those of their job, from 1 on. Default: all. */
  readonly calls?: readonly number[]
  /** How many runs of a call fail before one does not: what `retries` are for. Default: all. */
  readonly times?: number
}

/** A rate, the name of a method, the numbers of calls, or several conditions. */
export type Faults<F extends Fault = Fault> = number | string | readonly number[] | F

/** What goes wrong with which calls. */
export interface FaultyOptions {
  /** Of all that is drawn. Default: 1, so that a test fails each time or never. */
  readonly seed?: number
  /** The worker dies under these calls: after as many retries as the method has, a WorkerCrashError. */
  readonly crash?: Faults
  /** These calls take longer than they may: after as many retries as the method has, a TimeoutError. */
  readonly timeout?: Faults
  /** These calls throw: an Error that says so, or what `error` makes. */
  readonly error?: Faults<
    Fault & {
      /** Makes what a call throws. */
      readonly error?: (method: string, number: number) => unknown
    }
  >
  /** What comes of these calls is held back until that of so many others has come, or none is left. Default: `by: 1`. */
  readonly delay?: Faults<
    Fault & {
      /** So many others come first. */
      readonly by?: number
    }
  >
}

/**
 * Injects faults into the calls of an executor. Which calls have them depends on the seed, the method and the number of the call
 * alone: not on the executor or on time.
 * @throws {RangeError} if a rate is not from 0 to 1
 * @throws {TypeError} if an option is not what it must be
 * @example
 * const climate = new Climate({ executor: faulty(inline(), { crash: 0.1, delay: 'process', error: [3] }) })
 */
export function faulty(executor: Executor, options: FaultyOptions): Executor {
  checkExecutor('faulty()', executor)
  checkOptions('faulty()', options, ['seed', ...KINDS])
  return new Faulty(executor, options)
}

const KINDS = ['crash', 'timeout', 'error', 'delay'] as const

type Kind = (typeof KINDS)[number]

class Faulty extends Relay {
  readonly #seed: number
  readonly #faults = new Map<Kind, Exclude<FaultyOptions[Kind], number | string | readonly number[] | undefined>>()
  // How often a call has been run.
  readonly #runs = new WeakMap<object, number>()
  readonly #open = new OpenCalls((pass, call) => this.#arrived(pass, call))
  readonly #due: (() => void)[] = []
  #held: { readonly pass: () => void; left: number }[] = []
  #isDelivering = false

  constructor(inner: Executor, { seed = 1, ...faults }: FaultyOptions) {
    super(inner)
    this.#seed = checkSeed('faulty()', seed)
    for (const kind of KINDS) if (faults[kind] !== undefined) this.#faults.set(kind, checked(kind, faults[kind]))
  }

  override submit(call: ExecutorCall): void {
    const { number, route } = call
    const failure = this.#failureOf(innermost(call), number, route.name, route)
    if (failure === undefined) {
      this.hand(this.#open.add(call))
      return
    }
    this.#due.push(() => {
      call.began()
      call.fail(failure.error)
    })
    this.#deliverLater()
  }

  override poll(): boolean {
    const any = this.#deliver()
    return this.inner.poll() || any
  }

  override block(milliseconds?: number): void {
    if (!this.#deliver()) this.inner.block(milliseconds)
  }

  override cancelled(): void {
    super.cancelled()
    if (this.#held.length > 0) this.#deliverLater()
  }

  override async close(): Promise<void> {
    await super.close()
    this.#deliver()
  }

  protected override runInPlace(call: InPlaceCall): unknown {
    const failure = this.#failureOf(call, call.number, call.name, { retries: 0 })
    if (failure !== undefined) throw failure.error
    return super.runInPlace(call)
  }

  // As often as it may, a call is run again; a run that dies leaves nothing, so that it need not be run.
  #failureOf(
    key: object,
    number: number,
    name: string,
    { retries, timeout }: { readonly retries: number; readonly timeout?: number | undefined },
  ): { readonly error: unknown } | undefined {
    for (let tries = 1; ; tries++) {
      const run = (this.#runs.get(key) ?? 0) + 1
      this.#runs.set(key, run)
      const hasCrashed = this.#hits('crash', number, name, run)
      if (!hasCrashed && !this.#hits('timeout', number, name, run)) {
        if (!this.#hits('error', number, name, run)) return undefined
        const { error = injectedError } = this.#faults.get('error') as { error?: typeof injectedError }
        return { error: thrownBy(error, name, number) }
      }
      if (tries <= retries) continue
      const how = tries === 1 ? 'faulty()' : `faulty(), ${tries} times`
      const details = { method: name, attempts: tries }
      const error = hasCrashed
        ? new WorkerCrashError(`Cannot finish call ${number} of ${name}: its worker died, by ${how}.`, details)
        : new TimeoutError(
            `Cannot finish call ${number} of ${name}: it ran for longer than ${timeout === undefined ? 'it may' : `${timeout} ms`}, by ${how}.`,
            details,
          )
      return { error }
    }
  }

  #hits(kind: Kind, number: number, name: string, run: number): boolean {
    const fault = this.#faults.get(kind)
    if (fault === undefined) return false
    const { rate = 1, method, calls, times = Number.POSITIVE_INFINITY } = fault
    if (method !== undefined && method !== name && !name.endsWith(`.${method}`)) return false
    if (run > times || (calls !== undefined && !calls.includes(number))) return false
    return rate === 1 || randomFrom(hash(`${this.#seed} ${kind} ${name} ${number} ${run}`))() < rate
  }

  #arrived(pass: () => void, call: ExecutorCall): void {
    const run = this.#runs.get(innermost(call)) ?? 1
    const { by = 1 } = (this.#faults.get('delay') ?? {}) as { by?: number }
    if (this.#hits('delay', call.number, call.route.name, run)) {
      this.#held.push({ pass, left: by })
      this.#deliverLater()
      return
    }
    pass()
    if (this.#held.length === 0) return
    for (const held of this.#held) held.left--
    const ripe = this.#held.filter(({ left }) => left <= 0)
    this.#held = this.#held.filter(({ left }) => left > 0)
    for (const held of ripe) held.pass()
    if (this.#held.length > 0) this.#deliverLater()
  }

  #deliverLater(): void {
    if (this.#isDelivering) return
    this.#isDelivering = true
    setImmediate(() => {
      this.#isDelivering = false
      this.#deliver()
    })
  }

  #deliver(): boolean {
    // When nothing else is open, nothing else will come.
    const due = [...this.#due.splice(0), ...(this.#open.isEmpty ? this.#held.splice(0) : []).map(({ pass }) => pass)]
    for (const pass of due) pass()
    return due.length > 0
  }
}

function checked<F extends Fault>(kind: string, faults: Faults<F>): F {
  const fault = (
    typeof faults === 'number'
      ? { rate: faults }
      : typeof faults === 'string'
        ? { method: faults }
        : Array.isArray(faults)
          ? { calls: faults }
          : faults
  ) as F
  if (typeof fault !== 'object' || fault === null)
    throw new TypeError(
      `Cannot use ${String(faults)} as the ${kind} of faulty(): give a rate, the name of a method, numbers of calls, or an object with these.`,
    )
  const what = `${kind} of faulty()`
  checkOptions(what, fault, ['rate', 'method', 'calls', 'times', ...(EXTRAS[kind] ?? [])])
  const { rate = 1, method, calls, times, by, error } = fault as Fault & { by?: unknown; error?: unknown }
  if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1))
    throw new RangeError(`Cannot use ${rate} as the rate of ${what}: it must be a number from 0 to 1.`)
  if (method !== undefined && typeof method !== 'string')
    throw new TypeError(`Cannot use ${String(method)} as the method of ${what}: it must be the name of one.`)
  if (
    calls !== undefined &&
    !(Array.isArray(calls) && calls.every((number) => Number.isSafeInteger(number) && number > 0))
  )
    throw new TypeError(`Cannot use ${String(calls)} as the calls of ${what}: it must be a list of numbers from 1 on.`)
  if (times !== undefined && times !== Number.POSITIVE_INFINITY) checkWhole(what, 'times', times, 0)
  if (by !== undefined) checkWhole(what, 'by', by, 1)
  if (error !== undefined) checkFunction(what, 'error', error)
  return fault
}

const EXTRAS: Record<string, readonly string[]> = { delay: ['by'], error: ['error'] }

// It may as well throw what it makes.
function thrownBy(error: (method: string, number: number) => unknown, method: string, number: number): unknown {
  try {
    return error(method, number)
  } catch (thrown) {
    return thrown
  }
}

function injectedError(method: string, number: number): Error {
  return new Error(`Call ${number} of ${method} throws, by faulty().`)
}

// FNV-1a
function hash(text: string): number {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return sum >>> 0
}
