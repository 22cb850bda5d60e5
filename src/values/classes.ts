import { RegistrationError } from '../errors.js'
import { type ClassEntry, findClass } from '../metadata.js'
import type { ClassRef } from '../protocol.js'

/** How instances of a class one registered cross. Without `encode`, their own data fields do. */
export interface ClassOptions<T extends object = object, Data = unknown> {
  /** Turns an instance into a value that can cross. */
  readonly encode?: (instance: T) => Data
  /** Makes an instance of what `encode` returned. */
  readonly decode?: (data: Data) => T
}

interface Serializable {
  readonly ref: ClassRef
  readonly options: ClassOptions
}

const byPrototype = new Map<object, Serializable>()
const byRef = new Map<string, { prototype: object; options: ClassOptions }>()

/** Registers a class whose instances keep their class across workers. */
export function registerSerializable(ref: ClassRef, prototype: object, options: ClassOptions): void {
  byPrototype.set(prototype, { ref, options })
  byRef.set(key(ref), { prototype, options })
}

/** The registration of the class with this prototype. */
export function serializableOf(prototype: object): Serializable | undefined {
  return byPrototype.get(prototype)
}

/** Prototype and options of a class that came by reference; its module must have been evaluated in this thread. */
export function resolveClass(ref: ClassRef): { prototype: object; options: ClassOptions } {
  const known = byRef.get(key(ref))
  if (known !== undefined) return known
  const prototype = findClass(ref)?.prototype
  if (prototype !== undefined) return { prototype, options: {} }
  throw new RegistrationError(
    `Cannot find class ${ref.name} in this thread: ${ref.module} does not define it when it is imported here. Define it at the ` +
      'top level of its module, unconditionally.',
  )
}

/** The reference under which an entry's class is known. */
export function refOf({ module, position, name }: ClassEntry): ClassRef {
  return { module, position, name }
}

function key(ref: ClassRef): string {
  return `${ref.position} ${ref.module ?? ''}`
}
