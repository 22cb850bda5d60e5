import { types } from 'node:util'
import { MessagePort } from 'node:worker_threads'
import { SerializationError } from '../errors.js'
import { callOf, type Future, isFuture } from '../future.js'
import { entryOf } from '../metadata.js'
import type { ClassRef, Encoded } from '../protocol.js'
import { behind, contentOf, hasContents, isTarget } from '../target.js'
import { isApart, longest as longestHere } from './apart.js'
import type { Writer } from './codec.js'
import { type Kind, kindOf, REFERENCE, STUB } from './kinds.js'
import { type KnownObjects, NONE } from './known.js'
import { type Movable, takeAway } from './move.js'
import { step } from './path.js'
import { own } from './properties.js'
import { hasShared, sharedRootOf } from './shared.js'

/** What an encoder is told about the values that it meets. */
export interface EncoderOptions {
  /** Objects that the other side already has. */
  readonly known?: KnownObjects | undefined
  /** The job of the call and the class that workers know it by. Its targets become stubs. */
  readonly job?: { readonly value: object; readonly class: ClassRef } | undefined
  /** Objects in whose place others are encoded. */
  readonly instead?: { get(value: object): object | undefined } | undefined
  /** Gives the unit of a shared value, which is then not described again. Not that of `unless`, the one that is being encoded. */
  readonly shared?: {
    readonly unitOf: (root: object, name: string, apart: boolean) => SharedUnit
    readonly unless?: object
  }
  /** What becomes of moved values: they go with the one message, are kept for a call that may run again, or must stay. */
  readonly moving?: 'go' | 'kept' | 'stay'
  /** The other side is another process: what both would have in common, or what cannot be copied, is refused. */
  readonly apart?: boolean
  /** How much memory, in bytes, it may all hold. */
  readonly longest?: number
}

/** The unit of a shared value. */
export interface SharedUnit {
  readonly id: number
  readonly graph: { numberOf(value: object): number | undefined }
}

/** A place on the tape that waits for the value of a call. */
export interface Gap {
  readonly at: number
  readonly future: Future<unknown>
  /** The object that holds the Future, and where. */
  readonly holder: object
  readonly key: unknown
}

/**
 * Writes objects and all that they hold onto one tape, each once, however many ways lead to it. Roots are added one after
 * the other; whatever one of them shares with another is shared on the other side as well.
 */
export class Encoder implements Writer {
  readonly nodes: object[] = []
  readonly gaps: Gap[] = []
  /** Objects that the caller knows by the targets before them. */
  readonly fronted = new Set<object>()
  /** Units that it refers to. */
  readonly needs = new Set<SharedUnit>()
  /** What changes hands with the call and can be passed on. */
  readonly transfer: Movable[] = []
  /** Whether it holds what cannot leave the process. */
  isTied = false
  readonly #encoded = {
    kinds: [] as number[],
    starts: [] as number[],
    tape: [] as unknown[],
    refs: [] as number[],
    classes: [] as ClassRef[],
  }
  readonly #numbers = new Map<object, number>()
  // Of every node: the node that holds it, or the index of its root as -1 - index, and the key by which it does.
  readonly #holders: number[] = []
  readonly #keys: unknown[] = []
  readonly #roots: string[] = []
  readonly #known: KnownObjects
  readonly #job: EncoderOptions['job']
  readonly #instead: EncoderOptions['instead']
  readonly #shared: EncoderOptions['shared']
  readonly #moving: EncoderOptions['moving']
  readonly #apart: boolean
  // Bytes that may still be copied.
  #room: number
  // Places on the tape of what is to change hands, and who holds it.
  readonly #moved: (readonly [at: number, holder: number])[] = []
  #cursor = 0

  constructor({
    known = NONE,
    job,
    instead,
    shared,
    moving = 'go',
    apart = isApart,
    longest = longestHere,
  }: EncoderOptions = {}) {
    this.#known = known
    this.#shared = shared
    this.#moving = moving
    this.#apart = apart
    this.#room = longest
    this.#job = job
    this.#instead = instead
  }

  /**
   * Adds an object and all that it holds, and gives its number. `name` says what it is to the user: `argument 0 of Climate.process`.
   * @throws {SerializationError} for anything that cannot cross, with its path
   */
  add(root: object, name: string): number {
    this.#roots.push(name)
    const number = this.#number(root, -this.#roots.length, undefined)
    this.#drain()
    return number
  }

  /** The number of an object that has been added, or is held by one that has. */
  numberOf(value: object): number | undefined {
    return this.#numbers.get(value)
  }

  /** Adds an object as `add` does, or sees to it that a primitive can cross. */
  root(value: unknown, name: string): number | undefined {
    if (typeof value === 'object' && value !== null) return this.add(value, name)
    this.#roots.push(name)
    this.#primitive(value, -this.#roots.length, undefined)
    return undefined
  }

  /** Puts the value of a call into the place that waited for it. */
  supply(at: number, value: unknown, name: string): void {
    const { tape, refs } = this.#encoded
    const number = this.root(value, name)
    tape[at] = number ?? value
    if (number !== undefined) refs.push(at)
  }

  finish(): Encoded {
    return this.#encoded
  }

  value(value: unknown, key: unknown): void {
    const { tape, refs } = this.#encoded
    if (isFuture(value)) {
      const call = callOf(value)
      if (call.isCommitted) {
        putInPlace(this.nodes[this.#cursor]!, key, value, call.result)
        this.value(call.result, key)
        return
      }
      if (this.#shared?.unless !== undefined)
        throw this.refuse('a Future in a shared value', key, 'await it before shared()')
      this.gaps.push({ at: tape.length, future: value, holder: this.nodes[this.#cursor]!, key })
      value = undefined
    }
    if (value !== null && typeof value === 'object') {
      refs.push(tape.length)
      tape.push(this.#number(value, this.#cursor, key))
    } else tape.push(this.#primitive(value, this.#cursor, key))
  }

  key(value: unknown): void {
    if (isFuture(value)) {
      throw this.refuse(
        'a Future as a key or member',
        value,
        'a call can wait for values, not for keys: await it first',
      )
    }
    this.value(value, value)
  }

  raw(value: unknown): void {
    this.#encoded.tape.push(value)
  }

  memory(bytes: number): void {
    this.#room -= bytes
    if (this.#room < 0) throw this.refuse(`memory of ${bytes} bytes`, undefined, TOO_LONG)
  }

  tied(what: string, wayOut: string): void {
    if (this.#apart) throw this.refuse(what, undefined, `${wayOut}, or run the job with threads()`)
    this.isTied = true
  }

  moved(value: Movable): void {
    if (this.#moving === 'stay') throw this.refuse('a moved value in one that is shared or encoded', undefined, STAYS)
    if (this.#moving === 'kept' && value instanceof MessagePort)
      throw this.refuse('a MessagePort, of which there is one for a call that may run twice,', undefined, NO_RERUN)
    this.#moved.push([this.#encoded.tape.length, this.#cursor])
    this.#encoded.tape.push(value, this.#moving === 'kept')
  }

  /** Whether anything changes hands. */
  get moves(): boolean {
    return this.#moved.length > 0
  }

  /** The call is made: what changes hands is taken away from its owner. */
  takeMoved(): void {
    const { tape } = this.#encoded
    for (const [at, holder] of this.#moved.splice(0)) {
      const taken = takeAway(tape[at] as Movable)
      if (taken === undefined) throw this.#refuse(UNMOVABLE, holder, undefined, 'pass it without move()')
      tape[at] = taken
      if (this.#moving === 'go') this.transfer.push(taken)
    }
  }

  isolated(value: unknown, key: unknown): void {
    const encoder = new Encoder({ moving: 'stay', apart: this.#apart, longest: this.#room })
    encoder.add([value], `${this.place()}, ${String(key)}`)
    this.isTied ||= encoder.isTied
    if (encoder.gaps.length > 0) throw this.refuse('a Future', key, 'await it before the call')
    this.#encoded.tape.push(encoder.finish())
  }

  place(): string {
    const { name, path } = this.locate(this.#cursor)
    return name.startsWith('this of ') ? `this${path}` : `${name}${path}`
  }

  refuse(what: string, key?: unknown, wayOut?: string): SerializationError {
    return this.#refuse(what, this.#cursor, key, wayOut)
  }

  #number(value: object, holder: number, key: unknown): number {
    value = this.#instead?.get(value) ?? value
    if (this.#job !== undefined && hasContents) value = this.#content(value, holder, key)
    const known = this.#known.find(value) ?? this.#numbers.get(value)
    if (known !== undefined) return known
    const number = this.#known.size + this.nodes.length
    this.#numbers.set(value, number)
    this.nodes.push(value)
    this.#holders.push(holder)
    this.#keys.push(key)
    return number
  }

  // A target that is handed to a call crosses as what is behind it; among the fields of the job it stays one.
  #content(value: object, holder: number, key: unknown): object {
    const of = holder >= 0 ? this.nodes[holder]! : undefined
    if (of !== undefined) contentOf(of)?.adopt(value)
    const content = this.#isOfJob(holder) ? undefined : behind(value)
    const held = content?.held ?? value
    // What a target holds is seen through it, too.
    const isFronted =
      content !== undefined || (of !== undefined && this.fronted.has(of) && contentOf(value) !== undefined)
    if (this.#numbers.has(held) && this.fronted.has(held) !== isFronted)
      throw this.#refuse(
        'an object that is passed both as it is and through tracked(), of which a worker would make one,',
        holder,
        key,
        'pass it one way',
      )
    if (isFronted) this.fronted.add(held)
    return held
  }

  #drain(): void {
    const { kinds, starts, tape } = this.#encoded
    for (; this.#cursor < this.nodes.length; this.#cursor++) {
      const value = this.nodes[this.#cursor]!
      if (hasShared && this.#refer(value)) continue
      const job = value === this.#job?.value ? this.#job.class : undefined
      const kind = isTarget(value) ? this.#targetKind() : kindOf(value, job)
      if (kind === undefined) throw this.#refuseObject(value)
      kinds.push(kind.number)
      starts.push(tape.length)
      if (kind.class !== undefined) tape.push(this.#class(kind.class))
      kind.codec.write(value, this)
    }
  }

  #refer(value: object): boolean {
    const root = this.#shared === undefined ? undefined : sharedRootOf(value)
    if (root === undefined || root === this.#shared!.unless) return false
    const { name, path } = this.locate(this.#cursor)
    const unit = this.#shared!.unitOf(root, path === '' ? name : `${name}, at ${path}`, this.#apart)
    const number = unit.graph.numberOf(value)
    if (number === undefined) return false
    const { kinds, starts, tape } = this.#encoded
    kinds.push(REFERENCE)
    starts.push(tape.length)
    tape.push(unit.id, number)
    this.needs.add(unit)
    return true
  }

  // Targets may be among what the job holds, also where an argument leads to the job, but not be handed to a call.
  #targetKind(): Kind {
    if (this.#isOfJob(this.#cursor)) return STUB
    throw this.refuse('a tracked target', undefined, 'pass a copy of what it holds: new Map(target), [...target]')
  }

  // Whether a node is the job, or was reached through it.
  #isOfJob(node: number): boolean {
    for (let i = node; i >= 0; i = this.#holders[i]!) if (this.nodes[i] === this.#job?.value) return true
    return false
  }

  #class(ref: ClassRef): number {
    const { classes } = this.#encoded
    const known = classes.findIndex(({ module, position }) => module === ref.module && position === ref.position)
    return known === -1 ? classes.push(ref) - 1 : known
  }

  #primitive(value: unknown, holder: number, key: unknown): unknown {
    if (typeof value !== 'function' && typeof value !== 'symbol') return value
    throw this.#refuse(`a ${typeof value}`, holder, key)
  }

  #refuseObject(value: object): SerializationError {
    if (types.isProxy(value)) return this.refuse('a Proxy', undefined, 'pass the object behind it, or a plain copy')
    const prototype = Object.getPrototypeOf(value) as object | null
    const Class = prototype !== null && Object.hasOwn(prototype, 'constructor') ? prototype.constructor : undefined
    if (types.isPromise(value)) return this.refuse('a Promise', undefined, 'await it before the call')
    if (typeof Class !== 'function' || Class.prototype !== prototype || Class.name === '') {
      return this.refuse('an object with a prototype of its own')
    }
    const { name } = Class
    if (!(value instanceof Object))
      return this.refuse(`an instance of ${name} of another realm (${REALMS})`, undefined, 'make it in this one')
    if (entryOf(Class)?.methods.size)
      return this.refuse(`${name}, a job,`, undefined, 'pass what the method needs of it')
    return this.refuse(
      `an instance of ${name}`,
      undefined,
      `mark the class @serializable, or register it with serializable.for(${name}, { encode, decode })`,
    )
  }

  #refuse(what: string, holder: number, key: unknown, wayOut = 'pass plain data instead'): SerializationError {
    const { name, path } = this.locate(holder, key)
    const at = path === '' ? '' : `, at ${path}`
    const advice = name.startsWith('this of ')
      ? `${wayOut}, or make the field #private: private fields stay with the job`
      : wayOut
    return new SerializationError(`Cannot copy ${name}${at}: ${what} cannot cross to a worker. Way out: ${advice}.`)
  }

  /** The name of the root from which an object was reached, and the path from there. */
  locate(holder: number, key?: unknown): { name: string; path: string } {
    let path = ''
    for (let i = holder, via = key; ; ) {
      if (i < 0) return { name: this.#roots[-1 - i]!, path }
      path = step(this.nodes[i]!, via) + path
      via = this.#keys[i]
      i = this.#holders[i]!
    }
  }
}

const REALMS = 'a vm context, as every test file of Jest is, has classes of its own'
const TOO_LONG = 'pass it in parts, or where to find it'
const STAYS = 'do without move(), or without shared() and encode()'
const NO_RERUN = "do without onConflict: 'rerun'"
const UNMOVABLE = 'memory that is not its owner’s to give away, as that of small Buffers and of WebAssembly is not,'

/** Makes an object that holds a Future hold the value instead, as it would have from the beginning. */
export function putInPlace(holder: object, key: unknown, future: unknown, value: unknown): void {
  if (holder instanceof Map) {
    if (holder.get(key) === future) holder.set(key, value)
  } else if (own(holder, key as PropertyKey) === future) Reflect.set(holder, key as PropertyKey, value)
}
