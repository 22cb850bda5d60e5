import { RegistrationError } from './errors.js'
import { type ClassEntry, entryOf, type MethodEntry } from './metadata.js'
import type { Route } from './protocol.js'
import { refOf } from './values/classes.js'
import { isCompiledApart, wordsOf } from './words.js'

/** How a class of jobs is known to workers: the class itself, and the routes of the methods that its instances call. */
export interface JobClass {
  readonly entry: ClassEntry
  readonly routes: Map<MethodEntry, Route>
}

const classes = new WeakMap<Function, JobClass>()
let lastId = 0

/**
 * The registration of a job's class.
 * @throws {RegistrationError} if workers could not tell it from a base class of it
 */
export function jobClassOf(constructor: Function): JobClass {
  let known = classes.get(constructor)
  if (known === undefined) {
    known = { entry: findEntry(constructor), routes: new Map() }
    classes.set(constructor, known)
  }
  return known
}

/** The route of a method called on jobs of a class. */
export function routeOf(job: JobClass, method: MethodEntry, className: string): Route {
  let route = job.routes.get(method)
  if (route === undefined) {
    const { owner, name, run, fingerprint, options } = method
    route = {
      id: ++lastId,
      name: `${className}.${name}`,
      job: refOf(job.entry),
      method: {
        ...refOf(owner),
        method: name,
        fingerprint,
        ...(isCompiledApart(owner.module) && { words: wordsOf(run) }),
      },
      retries: options.retries ?? 0,
      ...(options.timeout !== undefined && { timeout: options.timeout }),
    }
    job.routes.set(method, route)
  }
  return route
}

// The nearest decorated class. What stands below it may add data, but nothing that a worker would have to know.
function findEntry(constructor: Function): ClassEntry {
  for (let at = constructor; typeof at === 'function' && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
    const entry = entryOf(at)
    if (entry !== undefined) {
      entry.prototype ??= at.prototype as object
      entry.name = at.name
      return entry
    }
    const overridden = overrides(at)
    if (overridden !== undefined) {
      throw new RegistrationError(
        `Cannot call a concurrent method of ${constructor.name}: it overrides ${overridden}, and workers do not know its module, as ` +
          `none of its own members is decorated. Way out: mark the class itself @serializable, or decorate ${at.name}.${overridden}.`,
      )
    }
  }
  throw new RegistrationError(
    `Cannot call a concurrent method of ${constructor.name}: the class has no decorator metadata.`,
  )
}

function overrides(constructor: Function): string | undefined {
  const base = Object.getPrototypeOf(constructor.prototype) as object
  const member = Object.getOwnPropertyNames(constructor.prototype).find(
    (name) => name !== 'constructor' && name in base,
  )
  if (member !== undefined) return member
  const statics = Object.getPrototypeOf(constructor) as object
  return Object.getOwnPropertyNames(constructor).find(
    (name) => !['length', 'name', 'prototype'].includes(name) && name in statics,
  )
}
