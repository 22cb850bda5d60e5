import 'reflect-metadata/lite'
import { RegistrationError } from './errors.js'
import type { ClassRef, Executor } from './protocol.js'

// TypeScript leaves `context.metadata` undefined unless this symbol exists before a decorated class is evaluated. Every
// decorator of this package is imported before that, and imports this line.
;(Symbol as { metadata?: symbol }).metadata ??= Symbol.for('Symbol.metadata')

/** A decorated class in this thread. */
export interface ClassEntry extends ClassRef {
  /** A decorator of a member does not see its class; both are set by what does: see `notePrototype`. */
  name: string
  prototype?: object
  readonly methods: Map<string, MethodEntry>
}

/** A concurrent method in this thread. */
export interface MethodEntry {
  readonly owner: ClassEntry
  readonly name: string
  /** The method as written. */
  readonly run: (...args: never[]) => unknown
  /** Hash of its source; 0 where that may differ. */
  readonly fingerprint: number
  readonly options: ConcurrentOptions
  /** What becomes of the executor of a job that calls it, where it runs elsewhere than the job's other methods. */
  readonly through?: (executor: Executor) => Executor
}

/** Options of `@concurrent`. */
export interface ConcurrentOptions {
  /** URL of the module that a worker imports to get the class. Default: the file in which the decorator is evaluated. */
  readonly module?: string | URL
  /**
   * The parameters that the method changes: their numbers, or `false` for none. Default `'auto'`: found out by comparing
   * after each call.
   */
  readonly mutates?: 'auto' | false | readonly number[]
  /**
   * What becomes of a call whose snapshot was stale: `'error'` throws a ConflictError, `'rerun'` runs it again on the
   * committed state. Default `'error'`: a method may have effects that must not happen twice.
   */
  readonly onConflict?: 'error' | 'rerun'
  /**
   * Milliseconds that one execution may take: then its worker is stopped, and the call fails with a TimeoutError. Until a call
   * can begin its worker may have to start and to import the module, which may take as long again, or ten seconds if that is
   * more. Default: no limit, also for an import that never ends. Under `inline()` nothing can stop a call.
   */
  readonly timeout?: number
  /**
   * How often a call is run again after its worker crashed or its time was up: what it returns and changes counts once. What
   * is moved to such a call is copied. Calls that were merely beside another one that crashed are run again in any case.
   * Default: 0.
   */
  readonly retries?: number
}

const CLASS = 'deco-ts:class'

// Position of the next decorated class of each module: the same in every thread that evaluates the module.
const positions = new Map<string | undefined, number>()
const classes = new Map<string, ClassEntry>()
const owners = new WeakMap<Function, ClassEntry>()

/** Registers the class to which decorator metadata belong, once, under the module in which it is being evaluated. */
export function registerClass(metadata: DecoratorMetadataObject | undefined, module: string | undefined): ClassEntry {
  if (metadata === undefined) {
    throw new RegistrationError(
      'Cannot register a decorated class: its compiler gives decorators no metadata (context.metadata is undefined). ' +
        'Compile standard decorators with metadata support (TypeScript 5.2, esbuild 0.21.3, swc with decoratorVersion ' +
        '"2022-03", or later), and import deco-ts before the class is evaluated.',
    )
  }
  const known = Reflect.getOwnMetadata(CLASS, metadata) as ClassEntry | undefined
  if (known !== undefined) return known
  const entry = enter(module)
  Reflect.defineMetadata(CLASS, entry, metadata)
  return entry
}

/** Gives a class that has no decorators its place among the classes of a module. */
export function enter(module: string | undefined): ClassEntry {
  const position = positions.get(module) ?? 0
  positions.set(module, position + 1)
  const entry: ClassEntry = { module, position, name: `class ${position + 1}`, methods: new Map() }
  classes.set(key(module, position), entry)
  return entry
}

// Modules of which a program and its workers have copies that may not read the same.
const copied = new Set<string | undefined>()

/** Notes that the source of a module's methods may read differently in another thread. */
export function noteCopies(module: string): void {
  copied.add(module)
}

/** Registers a concurrent method of a class; `wrapper` is what the class has in its place. */
export function registerMethod(
  owner: ClassEntry,
  name: string,
  run: Function,
  wrapper: Function,
  options: ConcurrentOptions,
): MethodEntry {
  const fingerprint = copied.has(owner.module) ? 0 : hash(String(run))
  const method: MethodEntry = { owner, name, run: run as MethodEntry['run'], fingerprint, options }
  owner.methods.set(name, method)
  registerMember(owner, wrapper)
  return method
}

/** Makes a class recognizable by one of its members: see `notePrototype`. */
export function registerMember(owner: ClassEntry, member: Function): void {
  owners.set(member, owner)
}

/** The concurrent method that a member of a class is, if it is one. */
export function methodOf(member: unknown, name: string): MethodEntry | undefined {
  return typeof member === 'function' ? owners.get(member)?.methods.get(name) : undefined
}

/** Tells a class its prototype and name when `member`, found on `prototype`, is one of its decorated members. */
export function notePrototype(prototype: object, member: unknown): void {
  const entry = typeof member === 'function' ? owners.get(member) : undefined
  if (entry === undefined || entry.prototype !== undefined) return
  entry.prototype = prototype
  entry.name = (prototype.constructor as Function).name || entry.name
}

/** The class registered under a reference, once its module has been evaluated in this thread. */
export function findClass(ref: ClassRef): ClassEntry | undefined {
  return classes.get(key(ref.module, ref.position))
}

/** The classes that have been registered in this thread so far. */
export function registeredClasses(): ClassEntry[] {
  return [...classes.values()]
}

/** The entry of a class whose own members or whose own self are decorated, not merely those of a base class. */
export function entryOf(constructor: Function): ClassEntry | undefined {
  const metadata = Object.hasOwn(constructor, Symbol.metadata)
    ? (constructor as { [Symbol.metadata]?: object | null })[Symbol.metadata]
    : undefined
  return metadata ? (Reflect.getOwnMetadata(CLASS, metadata) as ClassEntry | undefined) : undefined
}

function key(module: string | undefined, position: number): string {
  return `${position} ${module ?? ''}`
}

// FNV-1a: all it must tell apart is two versions of a method.
function hash(text: string): number {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return sum >>> 0
}
