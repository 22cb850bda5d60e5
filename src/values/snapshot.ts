import { callOf, isFuture, type Pending } from '../future.js'
import type { ClassRef, Encoded, ObjectArguments, Unit } from '../protocol.js'
import { Encoder, type EncoderOptions, putInPlace } from './encoder.js'
import { type Flat, flatJob } from './flat.js'
import { Graph } from './graph.js'
import { canBeShown } from './kinds.js'
import { hasMarked, isMarked } from './move.js'
import { isUnchanged } from './patch.js'
import { isPrimitive } from './primitive.js'
import { hasShared, isShared } from './shared.js'

/**
 * The objects that a call sees: the job, and those that its arguments lead to, as they were when it was made. Calls that see
 * the same objects share one.
 */
export class CallSnapshot {
  readonly units: readonly Snapshot[]
  readonly objects: ObjectArguments | undefined
  /** The arguments, where results have taken the places of Futures. */
  readonly args: readonly unknown[] | undefined
  /** Whether no call can change anything in it. */
  readonly isFixed: boolean
  /** Shared values that freezing does not wholly protect. */
  readonly unprotected: readonly Snapshot[]

  constructor(units: readonly Snapshot[], objects?: ObjectArguments, args?: readonly unknown[]) {
    this.units = units
    this.objects = objects
    this.args = args
    this.isFixed = units.every(({ frozen, isBare }) => frozen || isBare)
    this.unprotected = units.filter(({ frozen, graph }) => frozen && graph.unfrozen.length > 0)
  }
}

/** A snapshot that waits for calls whose results are among the arguments. */
export class IncompleteSnapshot extends CallSnapshot {
  readonly waitsFor: readonly Pending[]
  readonly #encoder: Encoder
  readonly #place: (call: Pending) => void
  readonly #finish: () => CallSnapshot
  // How many objects were there when a result was taken in, and where the write log ended then.
  readonly #taken: { readonly from: number; readonly base: number }[] = []

  /** `place` puts a result wherever the arguments have its Future. */
  constructor(
    waitsFor: readonly Pending[],
    encoder: Encoder,
    place: (call: Pending) => void,
    finish: () => CallSnapshot,
  ) {
    super([])
    this.waitsFor = waitsFor
    this.#encoder = encoder
    this.#place = place
    this.#finish = finish
  }

  /** What it sees of the caller's objects meanwhile. */
  get nodes(): readonly object[] {
    return this.#encoder.nodes
  }

  /**
   * Takes in the result of a call that is being committed.
   * @param refusal says why objects that come with it cannot be taken as they are, apart from those that are here already
   */
  take(
    call: Pending,
    base: number,
    refusal: (objects: readonly object[], isHere: (object: object) => boolean) => Error | undefined,
  ): void {
    const { nodes } = this.#encoder
    const from = nodes.length
    this.#place(call)
    const error = refusal(nodes.slice(from), (object) => (this.#encoder.numberOf(object) ?? from) < from)
    if (error !== undefined) throw error
    this.#taken.push({ from, base })
  }

  /** The whole snapshot, once all results have been taken in. */
  complete(): CallSnapshot {
    return this.#finish()
  }

  /** Where the write log ended when an object was taken in with a result; `undefined` if it was here before. */
  baseOf(object: object): number | undefined {
    const node = this.#encoder.numberOf(object) ?? -1
    return this.#taken.findLast(({ from }) => from <= node)?.base
  }
}

/** What becomes of values that are moved to a call, and whether they go to another process. */
export type CrossingOptions = Pick<EncoderOptions, 'moving' | 'apart' | 'longest'>

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
  /** How often calls have been found to have written to it though it is shared. */
  violations = 0
  readonly transfer: readonly unknown[]
  /** The units of shared values that it refers to. */
  readonly needs: readonly Snapshot[]
  /** Whether it holds what cannot leave the process. */
  readonly isTied: boolean
  // A job that holds nothing but primitives and targets.
  readonly #flat: Flat | undefined
  readonly #encoder: Encoder
  #lasting: boolean
  #apart: WeakSet<Snapshot> | undefined
  #isRecordable: boolean | undefined
  #isBare: boolean | undefined

  constructor(
    encoder: Encoder,
    nodes: object[] = encoder.nodes,
    { frozen = false, isJob = false, fronted = encoder.fronted as ReadonlySet<object> } = {},
  ) {
    this.#encoder = encoder
    this.encoded = encoder.finish()
    this.graph = new Graph(this.encoded, nodes, { fronted })
    this.frozen = frozen
    this.transfer = encoder.transfer
    // Those that these refer to come after them, as in `withShared`.
    this.needs = [...(encoder.needs as Set<Snapshot>)].flatMap((unit) => [unit, ...unit.needs])
    this.isTied = encoder.isTied || this.needs.some(({ isTied }) => isTied)
    this.#lasting = frozen
    if (isJob) this.#flat = flatJob(this.graph.described)
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

  /** The call is made: what it was given for good is taken away from its owner. */
  takeMoved(): void {
    this.#encoder.takeMoved()
  }

  /** Whether two snapshots have no object in common. */
  isApartFrom(other: Snapshot): boolean {
    if (this.#apart?.has(other)) return true
    const [mine, others] = [this.graph.described, other.graph.described]
    const [few, many] = mine.length < others.length ? [mine, others] : [others, mine]
    const nodes = new Set(many)
    if (few.some((node) => nodes.has(node))) return false
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
export function snapshotOf(
  job: JobOfCall,
  args: readonly unknown[],
  name: string,
  wholly = true,
  options: CrossingOptions = {},
): CallSnapshot {
  const { last } = job
  const isSimple = !hasMarked && arePrimitive(args)
  // The shortest way, and the most frequent one: nothing but the job is seen, and it is as it was.
  if (isSimple && last !== undefined && last.objects === undefined && last.units[0]!.isCurrent(wholly)) return last
  const state = unitFor(job.value, 'this', name, job, options, wholly)
  if (state === undefined) return jointly(job, args, name, options)
  if (isSimple) {
    job.last = new CallSnapshot(withShared([state]))
    return job.last
  }
  const units = [state]
  const objects: number[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (isPrimitive(arg)) continue
    if (typeof arg !== 'object') return jointly(job, args, name, options)
    const object = arg as object
    const unit = isFuture(object)
      ? undefined
      : object === job.value
        ? state
        : unitFor(object, `argument ${i}`, name, job, options)
    if (unit === undefined) return jointly(job, args, name, options)
    let place = units.indexOf(unit)
    if (place === -1) {
      if (!units.every((other) => other.isApartFrom(unit))) return jointly(job, args, name, options)
      place = units.push(unit) - 1
    }
    objects.push(i, place, 0)
  }
  if (hasMarked) for (const unit of units) unit.takeMoved()
  withShared(units)
  // Call after call sees the same objects: a million of them hold one list.
  if (last === undefined || !isSameList(units, last.units) || !isSameList(objects, last.objects ?? []))
    job.last = new CallSnapshot(units, objects)
  return job.last!
}

/** The error for a hidden property that the job has been given since it was last looked for: snapshots have missed it. */
export function hiddenIn(job: JobOfCall, name: string): unknown {
  if (cache.get(job.value)?.isWhole !== false) return undefined
  try {
    new Encoder({ job }).add(job.value, `this of ${name}`)
    return undefined
  } catch (error) {
    return error
  }
}

// The unit of a shared value, wherever this stands.
function sharedUnit(root: object, name: string, apart = false): Snapshot {
  const known = cache.get(root)
  if (known !== undefined && !(hasMarked && known.graph.nodes.some(isMarked)) && !(apart && known.isTied)) return known
  const encoder = new Encoder({ shared: { ...SHARED, unless: root }, moving: 'stay', apart })
  encoder.add(root, name)
  const snapshot = new Snapshot(encoder, encoder.nodes, { frozen: true })
  cache.set(root, snapshot)
  return snapshot
}

/** What encoders are told of shared values. */
export const SHARED = { unitOf: sharedUnit }

/** Adds the units of shared values that units of a call refer to. A lane forgets what was used longest ago: not before those. */
export function withShared(units: Snapshot[]): Snapshot[] {
  if (!hasShared) return units
  const needed = units.flatMap(({ needs }) => needs).filter((unit) => !units.includes(unit))
  units.push(...new Set(needed))
  return units
}

function arePrimitive(args: readonly unknown[]): boolean {
  for (let i = 0; i < args.length; i++) if (!isPrimitive(args[i])) return false
  return true
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

// One unit for one object, kept as long as the object stays as it is. `undefined` if it holds results that are not there yet.
function unitFor(
  root: object,
  what: string,
  name: string,
  job: JobOfCall,
  options: CrossingOptions,
  wholly = true,
): Snapshot | undefined {
  if (isShared(root)) return sharedUnit(root, `${what} of ${name}`, options.apart)
  const known = cache.get(root)
  if (
    known?.isCurrent(wholly) &&
    !(hasMarked && known.graph.nodes.some(isMarked)) &&
    !(options.apart === true && known.isTied)
  )
    return known
  const encoder = new Encoder({ job, shared: SHARED, ...options })
  encoder.add(root, `${what} of ${name}`)
  if (encoder.gaps.length > 0) return undefined
  const isJob = root === job.value
  // An argument that leads to the job shares it with `this`.
  if (!isJob && encoder.numberOf(job.value) !== undefined) return undefined
  const snapshot = new Snapshot(encoder, encoder.nodes, { isJob })
  // What is taken away is there for one call.
  if (!encoder.moves) cache.set(root, snapshot)
  return snapshot
}

// One unit for all: where arguments share objects with each other or with the job, or wait for results.
function jointly(job: JobOfCall, args: readonly unknown[], name: string, options: CrossingOptions): CallSnapshot {
  const encoder = new Encoder({ job, shared: SHARED, ...options })
  encoder.add(job.value, `this of ${name}`)
  const values = args.slice()
  const objects: number[] = []
  // What is to be done with the results of calls.
  const waiting = new Map<Pending, ((value: unknown) => void)[]>()
  const waitFor = (call: Pending, put: (value: unknown) => void) => {
    const puts = waiting.get(call)
    if (puts === undefined) waiting.set(call, [put])
    else puts.push(put)
  }
  const place = (i: number, value: unknown) => {
    values[i] = value
    const number = encoder.root(value, `argument ${i} of ${name}`)
    if (number !== undefined) objects.push(i, 0, number)
  }
  args.forEach((arg, i) => {
    if (!isFuture(arg)) place(i, arg)
    else if (callOf(arg).isCommitted) place(i, callOf(arg).result)
    else waitFor(callOf(arg), (value) => place(i, value))
  })
  encoder.takeMoved()
  for (const { at, future, holder, key } of encoder.gaps.slice()) {
    waitFor(callOf(future), (value) => {
      encoder.supply(at, value, `a result passed to ${name}`)
      putInPlace(holder, key, future, value)
    })
  }
  const finish = () => new CallSnapshot(withShared([new Snapshot(encoder)]), objects, values)
  if (waiting.size === 0) return finish()
  const take = (call: Pending) => {
    for (const put of waiting.get(call)!) put(call.result)
    encoder.takeMoved()
  }
  return new IncompleteSnapshot([...waiting.keys()], encoder, take, finish)
}
