import { PendingReadError } from './errors.js'
import type { Target } from './target.js'

/** A call whose result is not there yet, as those see it who hold its Future. */
export interface Pending {
  /** The result has been committed, and all earlier ones before it. */
  readonly isCommitted: boolean
  /** The committed result. */
  readonly result: unknown
  /** `call 17 of Climate.processLatLon`. */
  describe(): string
  /** Calls back once, after the commit or with the error that took its place. */
  settled(onValue: (value: unknown) => void, onError: (error: unknown) => void): void
  /**
   * The result, for which a plain `@synchronized` method blocks.
   * @throws {PendingReadError} anywhere else; `slot` says what was read of `target`, `role` what the call has to do with it
   */
  read(target: object, slot: string, role?: string): unknown
  /** The program has been told the error that took the place of the result. */
  told(): void
  /** Blocks until something has happened that may bring the result nearer. */
  advance(): void
  /**
   * The error for a call that is given the result, and with it one of these objects that the caller has changed meanwhile. What is
   * `exact` the other call has seen by itself.
   */
  refusal?(
    to: { number: number; name: string },
    objects: readonly object[],
    isExact: (object: object) => boolean,
  ): Error | undefined
  /** Puts the result into a place of a target, once it is committed. */
  feed(target: Target, key: unknown): void
}

const { __defineGetter__: defineGetter } = Object.prototype as unknown as {
  __defineGetter__(this: object, key: string, get: () => unknown): void
}

/** The call behind a Future. */
export let callOf: (future: Future<unknown>) => Pending

export let isFuture: (value: unknown) => value is Future<unknown>

/**
 * The result of a concurrent call before its commit. It can be put into a tracked target, awaited, passed to another
 * concurrent call or returned from a `@synchronized` method. Any other use throws a {@link PendingReadError} that names
 * the call.
 */
export class Future<T> implements PromiseLike<T> {
  readonly #call: Pending

  constructor(call: Pending) {
    this.#call = call
    // An own accessor is the one thing that object spread and structured clone run into; this is the fastest way to make one.
    defineGetter.call(this, 'pending', spring)
  }

  /** As of a promise of the committed result: a Future can be awaited. */
  then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return promiseOf<T>(this.#call).then(onValue, onError)
  }

  /** As of a promise of the committed result. */
  catch<B = never>(onError?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return promiseOf<T>(this.#call).catch(onError)
  }

  /** As of a promise of the committed result. */
  finally(onEnd?: (() => void) | null): Promise<T> {
    return promiseOf<T>(this.#call).finally(onEnd)
  }

  get [Symbol.toStringTag](): string {
    return 'Future'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Future { ${this.#call.describe()}${this.#call.isCommitted ? ', committed' : ''} }`
  }

  static {
    callOf = (future) => future.#call
    isFuture = (value): value is Future<unknown> => typeof value === 'object' && value !== null && #call in value
    // What no method above answers is a use as the plain value. The prototype of the prototype sees it, at no cost to the
    // making of a Future.
    Object.setPrototypeOf(
      Future.prototype,
      new Proxy(Object.create(null), {
        get: (_, key, future) =>
          key === 'constructor' || key === '__proto__' ? undefined : refuse(future, `read its property ${String(key)}`),
        set: (_, key, __, future) => refuse(future, `set its property ${String(key)}`),
        // These two are not told which Future it is.
        has: (_, key) => {
          throw new PendingReadError(
            `Cannot look for ${String(key)} in the result of a call before it is committed: await it first.`,
          )
        },
        ownKeys: () => {
          throw new PendingReadError(
            'Cannot list the properties of the result of a call before it is committed: await it first.',
          )
        },
      }),
    )
  }
}

/** A promise of a call's committed result. */
export function promiseOf<T>(call: Pending): Promise<T> {
  return new Promise((resolve, reject) => {
    call.settled(resolve as (value: unknown) => void, (error) => {
      call.told()
      reject(error)
    })
  })
}

function spring(this: Future<unknown>): never {
  return refuse(this, 'copy it')
}

function refuse(future: unknown, use: string): never {
  const call = isFuture(future) ? callOf(future) : undefined
  const name = call === undefined ? 'a call' : call.describe()
  throw new PendingReadError(
    `Cannot ${use}: the result of ${name} is a Future until it is read from where it was committed. Await it, put it into a ` +
      'tracked target, pass it to another concurrent call, or return it from the @synchronized method.',
  )
}
