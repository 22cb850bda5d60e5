import { disguise, notJob } from '../decorators/guard.js'
import { inline } from '../executors/inline.js'
import { isJob, type Job, makeCall } from '../job.js'
import { enter, type MethodEntry, methodOf } from '../metadata.js'
import type { Executor, ExecutorCall } from '../protocol.js'
import { place } from '../worker/context.js'
import { OpenCalls } from './open-calls.js'
import { divert, Relay } from './relay.js'

/** The names of methods. */
export type MethodName<T> = {
  [Name in keyof T]: T[Name] extends (...args: never[]) => unknown ? Name : never
}[keyof T] &
  string

/** What can stand in for a method of `T`. */
export type Implementation<T, Method> = Method extends (...args: infer Args) => infer Result
  ? (this: T, ...args: Args) => Result
  : never

/** A concurrent method that has been replaced; `using` restores it. */
export interface Mock extends Disposable {
  /** Brings the method back as it was. Calls that have been made go on with the mock. */
  restore(): void
}

/**
 * Replaces a concurrent method of all instances of a class, until it is restored: at the end of the block with `using`. Its calls
 * remain calls: they give Futures, see copies of their arguments and of the job, and are committed in order with all others;
 * but they run in this thread, whatever the executor, so that the mock may be any function, of a mocking library as well.
 *
 * A call that another concurrent method makes in a worker runs there, without the mock: use `inline()` for such jobs.
 *
 * @throws {TypeError} if the class has no concurrent method of this name, or the mock is no function
 * @example
 * using mock = mockConcurrent(Climate, 'processLatLon', (lat, lon) => lat + lon)
 */
export function mockConcurrent<T extends Job, Name extends MethodName<T>>(
  Class: abstract new (...args: never[]) => T,
  name: Name,
  implementation: Implementation<T, T[Name]>,
): Mock {
  const className = (Class as Function | undefined)?.name
  const refuse = (what: string) => new TypeError(`Cannot mock ${className}.${String(name)}: ${what}.`)
  if (typeof implementation !== 'function') throw refuse(`the mock is ${String(implementation)}, not a function`)
  const prototype = ownerOf((Class as Function | undefined)?.prototype as object, name)
  const before = prototype && Object.getOwnPropertyDescriptor(prototype, name)
  const replaced = before?.value as Function | undefined
  const method = mocks.get(replaced!)?.method ?? methodOf(replaced, name)
  if (prototype === undefined || before === undefined || replaced === undefined || method === undefined)
    throw refuse('it is no @concurrent method')

  const owner = enter(undefined)
  owner.name = className!
  const entry: MethodEntry = {
    ...method,
    owner,
    run: implementation,
    through: (executor) => (executor.importsModules ? new Diverted(executor, entry) : executor),
  }
  owner.methods.set(name, entry)
  const call = disguise(function (this: unknown, ...args: unknown[]): unknown {
    if (!(this instanceof Class)) return replaced.apply(this, args)
    if (place() === 'call') return (implementation as Function).apply(this, args)
    if (!isJob(this)) throw notJob('concurrent', name, this)
    return makeCall(this, entry, args, call)
  }, replaced)
  const state: State = { method, before, isOver: false }
  mocks.set(call, state)
  Object.defineProperty(prototype, name, { ...before, value: call })
  const restore = () => {
    state.isOver = true
    // One that was made later stays, and finds this one gone when it is restored itself.
    for (;;) {
      const present = mocks.get(Object.getOwnPropertyDescriptor(prototype, name)!.value as Function)
      if (!present?.isOver) return
      Object.defineProperty(prototype, name, present.before)
    }
  }
  return { restore, [Symbol.dispose]: restore }
}

interface State {
  /** The method as it was before all mocks. */
  readonly method: MethodEntry
  readonly before: PropertyDescriptor
  isOver: boolean
}

const mocks = new WeakMap<Function, State>()

function ownerOf(prototype: object | null | undefined, name: string): object | undefined {
  let at = prototype
  while (at != null && !Object.hasOwn(at, name)) at = Object.getPrototypeOf(at) as object | null
  return at ?? undefined
}

/** Has the calls of a mock run in this thread, and all others where they would run. */
class Diverted extends Relay {
  readonly #entry: MethodEntry
  readonly #here = inline()
  readonly #elsewhere = new OpenCalls()

  constructor(inner: Executor, entry: MethodEntry) {
    super(inner)
    this.#entry = entry
  }

  override submit(call: ExecutorCall): void {
    const { module, position } = call.route.method
    const { owner } = this.#entry
    if (module !== owner.module || position !== owner.position) {
      this.hand(this.#elsewhere.add(call))
      return
    }
    divert(call, this.#here)
    this.hand(call)
  }

  override flush(): void {
    this.#here.flush()
    this.inner.flush()
  }

  override poll(): boolean {
    const any = this.#here.poll()
    // What is delayed may have waited for it.
    return this.inner.poll() || any
  }

  override block(milliseconds?: number): void {
    if (this.poll()) return
    if (this.#elsewhere.isEmpty) this.#here.block()
    else this.inner.block(milliseconds)
  }

  override checkShared(units: readonly number[], done: (error?: unknown) => void): void {
    this.#here.checkShared(units, (error) => {
      if (error === undefined) this.inner.checkShared(units, done)
      else done(error)
    })
  }
}
