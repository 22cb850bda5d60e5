import { callOf, type Future, isFuture, type Pending } from '../future.js'
import type { ClassRef, Encoded, ObjectArguments, Unit } from '../protocol.js'
import { Encoder, putInPlace } from './encoder.js'
import { type Flat, flatJob } from './flat.js'
import { Graph } from './graph.js'
import { canBeShown } from './kinds.js'
import { isUnchanged } from './patch.js'
import { isPrimitive } from './primitive.js'
import { isShared } from './shared.js'

/**
 * The objects that a call sees: the job, and those that its arguments lead to, as they were when it was made. Calls that see
 * the same objects share one.
 */
export class CallSnapshot {
  readonly units: readonly Snapshot[]
  readonly objects: ObjectArguments | undefined
  /** The arguments, where results have taken the places of Futures. */
  readonly args: readonly unknown[] | undefined
  #isFixed: boolean | undefined
  #unprotected: readonly Snapshot[] | undefined

  constructor(units: readonly Snapshot[], objects?: ObjectArguments, args?: readonly unknown[]) {
    this.units = units
    this.objects = objects
    this.args = args
  }

  /** Whether no call can change anything in it. */
  get isFixed(): boolean {
    this.#isFixed ??= this.units.every(({ frozen, isBare }) => frozen || isBare)
    return this.#isFixed
  }

  /** Shared values that freezing does not wholly protect. */
  get unprotected(): readonly Snapshot[] {
    this.#unprotected ??= this.units.filter(({ frozen, graph }) => frozen && graph.unfrozen.length > 0)
    return this.#unprotected
  }
}

/** A snapshot that waits for calls whose results are among the arguments. */
export class IncompleteSnapshot extends CallSnapshot {
  readonly waitsFor: readonly Pending[]
  /** The whole snapshot, once these calls are committed. */
  readonly complete: () => CallSnapshot

  constructor(waitsFor: readonly Pending[], complete: () => CallSnapshot) {
    super([])
    this.waitsFor = waitsFor
    this.complete = complete
  }
}

/** The job of a call, and the class that workers know it by. */
export interface JobOfCall {
  readonly value: object
  readonly class: ClassRef
  /** The snapshot of its last call. */
  last?: CallSnapshot
}

/** Which unit of a snapshot holds an object, -1 if none does. */
export function unitOf({ units }: CallSnapshot, object: object): number {
  return units.findIndex(({ graph }) => graph.numberOf(object) !== undefined)
}

let lastId = 0

/** A snapshot of one object graph, beside the caller's own objects. */
export class Snapshot implements Unit {
  readonly id = ++lastId
  readonly encoded: Encoded
  /** The caller's own objects, in the order of the encoded ones. */
  readonly graph: Graph
  readonly frozen: boolean
  // A job that holds nothing but primitives and targets.
  readonly #flat: Flat | undefined
  readonly #encoder: Encoder
  #lasting: boolean
  #apart: WeakSet<Snapshot> | undefined
  #isRecordable: boolean | undefined
  #isBare: boolean | undefined

  constructor(encoder: Encoder, nodes: object[] = encoder.nodes, { frozen = false, isJob = false } = {}) {
    this.#encoder = encoder
    this.encoded = encoder.finish()
    this.graph = new Graph(this.encoded, nodes)
    this.frozen = frozen
    this.#lasting = frozen
    if (isJob) this.#flat = flatJob(nodes)
  }

  /** Nothing but a job without data fields: no call can find anything in it changed. */
  get isBare(): boolean {
    this.#isBare ??= this.#flat?.isBare ?? false
    return this.#isBare
  }

  /** Whether what is read of it can be noted: proxies can't stand for locked objects, nor for instances of Map and Set classes. */
  get isRecordable(): boolean {
    this.#isRecordable ??= !this.frozen && this.encoded.kinds.every(canBeShown)
    return this.#isRecordable
  }

  /** Where an object of the snapshot was found: `argument 0 of Climate.process`, and the path from there. */
  locate(node: number): { name: string; path: string } {
    return this.#encoder.locate(node)
  }

  get lasting(): boolean {
    return this.#lasting
  }

  /**
   * Whether the caller's objects are still as they were. A snapshot that is used again is worth keeping in a worker. Of a job
   * that is flat, hidden properties are looked for only if `wholly`: that costs more than all the rest of a call.
   */
  isCurrent(wholly = true): boolean {
    if (this.frozen) return true
    const current = this.#flat === undefined ? isUnchanged(this.graph) : this.#flat.isUnchanged()
    if (wholly && !this.isWhole) return false
    if (current) this.#lasting = true
    return current
  }

  /** Whether the job has no properties that `isCurrent` may have missed. */
  get isWhole(): boolean {
    return this.#flat === undefined || this.#flat.isWhole()
  }

  /** Whether two snapshots have no object in common. */
  isApartFrom(other: Snapshot): boolean {
    if (this.#apart?.has(other)) return true
    const [few, many] = this.graph.nodes.length < other.graph.nodes.length ? [this, other] : [other, this]
    const nodes = new Set(many.graph.nodes)
    if (few.graph.nodes.some((node) => nodes.has(node))) return false
    this.#apart ??= new WeakSet()
    this.#apart.add(other)
    return true
  }
}

const cache = new WeakMap<object, Snapshot>()

/**
 * Takes the snapshot of a call. Hidden properties that the job has been given since its last snapshot are found only if `wholly`.
 * @throws {SerializationError} for a value that cannot cross, with its path
 */
export function snapshotOf(job: JobOfCall, args: readonly unknown[], name: string, wholly = true): CallSnapshot {
  const state = unitFor(job.value, 'this', name, job, wholly)
  if (state === undefined) return jointly(job, args, name)
  const { last } = job
  if (args.every(isPrimitive)) {
    if (last !== undefined && last.objects === undefined && last.units[0] === state) return last
    job.last = new CallSnapshot([state])
    return job.last
  }
  const units = [state]
  const objects: number[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (isPrimitive(arg)) continue
    if (typeof arg !== 'object') return jointly(job, args, name)
    const object = arg as object
    const unit = isFuture(object)
      ? undefined
      : object === job.value
        ? state
        : unitFor(object, `argument ${i}`, name, job)
    if (unit === undefined) return jointly(job, args, name)
    let place = units.indexOf(unit)
    if (place === -1) {
      if (!units.every((other) => other.isApartFrom(unit))) return jointly(job, args, name)
      place = units.push(unit) - 1
    }
    objects.push(i, place, 0)
  }
  // Call after call sees the same objects: a million of them hold one list.
  if (last === undefined || !isSameList(units, last.units) || !isSameList(objects, last.objects ?? []))
    job.last = new CallSnapshot(units, objects)
  return job.last!
}

/**
 * Looks for hidden properties that the job has been given since the first of its last calls: their snapshots have missed them.
 * @throws {SerializationError} if there is one
 */
export function checkHidden(job: JobOfCall, name: string): void {
  if (cache.get(job.value)?.isWhole === false) new Encoder({ job }).add(job.value, `this of ${name}`)
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

// One unit for one object, kept as long as the object stays as it is. `undefined` if it holds results that are not there yet.
function unitFor(root: object, what: string, name: string, job: JobOfCall, wholly = true): Snapshot | undefined {
  const known = cache.get(root)
  if (known?.isCurrent(wholly)) return known
  const encoder = new Encoder({ job })
  encoder.add(root, `${what} of ${name}`)
  if (encoder.gaps.length > 0) return undefined
  const isJob = root === job.value
  // An argument that leads to the job shares it with `this`.
  if (!isJob && encoder.has(job.value)) return undefined
  const snapshot = new Snapshot(encoder, encoder.nodes, { frozen: isShared(root), isJob })
  cache.set(root, snapshot)
  return snapshot
}

// One unit for all: where arguments share objects with each other or with the job, or wait for results.
function jointly(job: JobOfCall, args: readonly unknown[], name: string): CallSnapshot {
  const encoder = new Encoder({ job })
  encoder.add(job.value, `this of ${name}`)
  const values = args.slice()
  const objects: number[] = []
  const waiting: number[] = []
  const place = (i: number, value: unknown) => {
    values[i] = value
    const number = encoder.root(value, `argument ${i} of ${name}`)
    if (number !== undefined) objects.push(i, 0, number)
  }
  args.forEach((arg, i) => {
    if (!isFuture(arg)) place(i, arg)
    else if (callOf(arg).isCommitted) place(i, callOf(arg).result)
    else waiting.push(i)
  })
  const gaps = encoder.gaps.slice()
  const complete = (): CallSnapshot => {
    for (const i of waiting) place(i, callOf(args[i] as Future<unknown>).result)
    for (const { at, future, holder, key } of gaps) {
      const value = callOf(future).result
      encoder.supply(at, value, `a result passed to ${name}`)
      putInPlace(holder, key, future, value)
    }
    return new CallSnapshot([new Snapshot(encoder)], objects, values)
  }
  if (gaps.length + waiting.length === 0) return complete()
  const futures = [...waiting.map((i) => args[i] as Future<unknown>), ...gaps.map(({ future }) => future)]
  return new IncompleteSnapshot(futures.map(callOf), complete)
}
