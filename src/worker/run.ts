import { DecoError, SerializationError } from '../errors.js'
import type { Change, ClassRef, Encoded, ObjectArguments, Outcome, Reply, Route, Unit } from '../protocol.js'
import { Encoder } from '../values/encoder.js'
import { Graph } from '../values/graph.js'
import { KnownObjects } from '../values/known.js'
import { changesOf, isIntact } from '../values/patch.js'
import { Recorder } from '../values/record.js'
import { simpleCopy } from '../values/simple.js'
import { asCall } from './context.js'
import { findMethod } from './modules.js'

/** What came of a call that is not a mere primitive. */
export class Finished {
  readonly reply: Reply

  constructor(reply: Reply) {
    this.reply = reply
  }
}

/**
 * What came of a call: a primitive or a plain object of primitives, a `Finished`, or a promise of one of these where the method is
 * async.
 */
export type Result = unknown

interface Held {
  readonly unit: Unit
  /** The objects of the unit, until a call has changed them. */
  graph: Graph | undefined
}

interface Found {
  readonly route: Route
  method: { run: Function } | undefined
}

/** Runs calls: decodes what they see, invokes the method, and collects what it returned and what it changed. */
export class Runner {
  readonly #routes = new Map<number, Found>()
  readonly #units = new Map<number, Held>()
  readonly #import: (ref: ClassRef) => Promise<void> | undefined
  readonly #broken = new Map<string | undefined, unknown>()
  // Shared values that calls have seen since they were last checked.
  readonly #unchecked = new Set<number>()

  /** `importClass` brings a class into this thread; `undefined` says that it is there. */
  constructor(importClass: (ref: ClassRef) => Promise<void> | undefined) {
    this.#import = importClass
  }

  /** Takes in routes and units that are new. Returns a promise if modules must be imported for them. */
  learn(routes: readonly Route[] = [], units: readonly Unit[] = []): Promise<unknown> | undefined {
    const classes: ClassRef[] = []
    for (const route of routes) {
      this.#routes.set(route.id, { route, method: undefined })
      classes.push(route.job, route.method)
    }
    for (const unit of units) {
      this.#units.set(unit.id, { unit, graph: undefined })
      classes.push(...unit.encoded.classes)
    }
    const imports = classes.flatMap((ref) => {
      const done = this.#import(ref)
      return done === undefined ? [] : [done.catch((error) => this.#broken.set(ref.module, error))]
    })
    return imports.length === 0 ? undefined : Promise.all(imports)
  }

  forget(units: readonly number[]): void {
    for (const id of units) this.#units.delete(id)
  }

  /**
   * Runs a call. Whatever the method throws is part of the result.
   * @throws what keeps the method from being run at all
   */
  run(
    routeId: number,
    unitIds: readonly number[],
    args: unknown[],
    objects: ObjectArguments | undefined,
    recorded: readonly number[] = [],
  ): Result {
    const found = this.#find(routeId)
    const graphs = unitIds.map((id) => this.#graph(id))
    if (objects !== undefined) {
      for (let i = 0; i < objects.length; i += 3) args[objects[i]!] = graphs[objects[i + 1]!]!.nodes[objects[i + 2]!]
    }
    const recorder = recorded.length === 0 ? undefined : new Recorder(recorded.map((i) => graphs[i]!))
    const call = new Running(found.route.name, graphs, unitIds, this, recorder)
    const job = graphs[0]!.nodes[0]!
    const { run } = found.method!
    if (recorder === undefined) return asCall(() => call.invoke(run, job, args))
    const shown = args.map((arg) => recorder.show(arg))
    return asCall(() => call.invoke(run, recorder.show(job), shown))
  }

  /** The error for calls that have written to a shared value since the last check, if any has. The value is made anew. */
  checkShared(): Encoded | null {
    let error: SerializationError | undefined
    for (const id of this.#unchecked) {
      const held = this.#units.get(id)
      if (held?.graph === undefined || isIntact(held.graph)) continue
      held.graph = undefined
      error = new SerializationError(
        'Cannot write to a shared value: a concurrent method changed a typed array, Map, Set or Date that was passed through ' +
          'shared(), which is read-only. Way out: change a copy, or pass the value without shared().',
      )
    }
    this.#unchecked.clear()
    return error === undefined ? null : this.encodeFailure(error)
  }

  /** Encodes an error that kept calls from being run. */
  encodeFailure(error: unknown): Encoded {
    return encodeError(error, 'a worker')
  }

  #find(id: number): Found {
    const found = this.#routes.get(id)!
    if (found.method === undefined) {
      const { job, method } = found.route
      for (const { module } of [job, method]) if (this.#broken.has(module)) throw this.#broken.get(module)
      found.method = findMethod(method)
    }
    return found
  }

  #graph(id: number): Graph {
    const held = this.#units.get(id)!
    const { encoded } = held.unit
    for (const { module } of encoded.classes) if (this.#broken.has(module)) throw this.#broken.get(module)
    held.graph ??= Graph.decode(encoded)
    if (held.unit.frozen && held.graph.unfrozen.length > 0) this.#unchecked.add(id)
    return held.graph
  }

  isFrozen(id: number): boolean {
    return this.#units.get(id)!.unit.frozen
  }

  /** A call changed the objects of a unit: the next call that sees it gets new ones. */
  spoil(id: number): void {
    const held = this.#units.get(id)
    if (held !== undefined) held.graph = undefined
  }
}

class Running {
  readonly #name: string
  readonly #graphs: readonly Graph[]
  readonly #units: readonly number[]
  readonly #runner: Runner
  readonly #recorder: Recorder | undefined

  constructor(
    name: string,
    graphs: readonly Graph[],
    units: readonly number[],
    runner: Runner,
    recorder: Recorder | undefined,
  ) {
    this.#name = name
    this.#graphs = graphs
    this.#units = units
    this.#runner = runner
    this.#recorder = recorder
  }

  invoke(method: Function, job: object, args: unknown[]): Result {
    let value: unknown
    try {
      const run = () => method.apply(job, args) as unknown
      value = this.#recorder === undefined ? run() : this.#recorder.during(run)
    } catch (error) {
      return this.#end(true, error)
    }
    if (!(value instanceof Promise)) return this.#end(false, value)
    return value.then(
      (result) => this.#end(false, result),
      (error) => this.#end(true, error),
    )
  }

  #end(threw: boolean, value: unknown): unknown | Finished {
    const patch: Change[] = []
    try {
      this.#graphs.forEach((graph, i) => {
        if (this.#runner.isFrozen(this.#units[i]!)) return
        const changes = changesOf(graph)
        if (changes.length > 0) this.#runner.spoil(this.#units[i]!)
        for (const change of changes) patch.push(change)
      })
      if (!threw && patch.length === 0 && this.#recorder === undefined) {
        if (isPrimitive(value)) return value
        const copy = this.#simpleCopy(value as object)
        if (copy !== undefined) return copy
      }
      // Locks come last: nothing can be written after them.
      if (this.#recorder !== undefined) {
        const locks = takeLocks(patch)
        patch.push(...this.#recorder.silentWrites(patch), ...locks)
      }
      return new Finished(this.#encode(threw, threw ? this.#clarify(value) : value, patch))
    } catch (error) {
      for (const id of this.#units) this.#runner.spoil(id)
      return new Finished(this.#encode(true, error, []))
    }
  }

  // Unless it is an object that the call was given: the caller gets its own back.
  #simpleCopy(value: object): object | undefined {
    const copy = simpleCopy(value)
    return copy === undefined || this.#graphs.some((graph) => graph.numberOf(value) !== undefined) ? undefined : copy
  }

  #encode(threw: boolean, value: unknown, patch: readonly Change[]): Reply {
    const encoder = new Encoder({ known: new KnownObjects(this.#graphs), instead: this.#recorder?.instead })
    if (threw) trimStack(value)
    // First by themselves, so that a path begins where the user's value does.
    try {
      encoder.root(value, `${threw ? 'the error thrown by' : 'the result of'} ${this.#name}`)
    } catch (cause) {
      if (!threw || !(value instanceof Error)) throw cause
      throw new SerializationError((cause as Error).message, { cause: plainCopy(value) })
    }
    for (const [, , key, now] of patch)
      for (const part of [key, now]) encoder.root(part, `what ${this.#name} wrote to its arguments or to this`)
    const outcome: Outcome = [threw, value, patch, this.#recorder?.reads]
    return { outcome: encoder.add(outcome as unknown as object, 'the outcome'), encoded: encoder.finish() }
  }

  // A copy of an instance has no #private fields; the engine's own words for that tell nobody what to do.
  #clarify(error: unknown): unknown {
    if (!(error instanceof TypeError) || !PRIVATE.test(error.message)) return error
    return new SerializationError(
      `Cannot run ${this.#name} in a worker: it touches a #private member, which cannot be copied (${error.message}). Way out: ` +
        'keep what the method needs in fields that are not private, or mark the class @serializable({ encode, decode }).',
      { cause: error },
    )
  }
}

function takeLocks(patch: Change[]): Change[] {
  const locks = patch.filter(([operation]) => operation === 'freeze')
  if (locks.length > 0) patch.splice(0, patch.length, ...patch.filter(([operation]) => operation !== 'freeze'))
  return locks
}

const PRIVATE =
  /private (member|field|method|name|static)|^Receiver must be (an instance of )?(class )?|^Object must be an instance of class/

// From the frames of an error, those of the method and what it called.
function trimStack(error: unknown): void {
  if (!(error instanceof Error) || typeof error.stack !== 'string' || !Object.isExtensible(error)) return
  const lines = error.stack.split('\n')
  const ours = lines.findIndex((line) => line.includes(import.meta.url))
  if (ours > 0)
    Object.defineProperty(error, 'stack', {
      value: lines.slice(0, ours).join('\n'),
      writable: true,
      configurable: true,
    })
}

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
}

/** Encodes an error by itself, as far as it can cross. */
function encodeError(error: unknown, name: string): Encoded {
  const encoder = new Encoder()
  try {
    encoder.add([error], name)
    return encoder.finish()
  } catch {
    const copy = new Encoder()
    copy.add([error instanceof DecoError ? withPlainCause(error) : plainCopy(error)], name)
    return copy.finish()
  }
}

// An error of this package, when what caused it cannot cross as it is.
function withPlainCause(error: DecoError): DecoError {
  return Object.setPrototypeOf(
    Object.assign(plainCopy(error), { cause: plainCopy(error.cause) }),
    Object.getPrototypeOf(error),
  )
}

// An error that cannot cross, as what it says: its class may be unknown there, or it may be no error of the engine's own, as
// those of Node's module hooks are not.
function plainCopy(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const { name, message, stack } = error
  const data = Object.entries(error).filter(([, value]) => isPrimitive(value))
  return Object.assign(new Error(message), Object.fromEntries(data), { name, stack })
}
