import { COPY, ONE_COPY, otherCopies } from '../copies.js'
import { type EntryModuleError, RegistrationError } from '../errors.js'
import { findClass, notePrototype } from '../metadata.js'
import type { ClassRef, MethodRef } from '../protocol.js'
import { isSameInOtherWords, isTypeScript, wordsOf } from '../words.js'
import { asImport } from './context.js'
import { compileTypeScript, typeScriptWayOut } from './typescript.js'

const imports = new Map<string, Promise<void>>()
let entryError: EntryModuleError | undefined

/** Notes that a job was started while a module was being imported: the module is the program's entry. */
export function noteEntryJob(error: EntryModuleError): void {
  entryError ??= error
}

/** The error of the first job that was started by the module that was imported last, so far. */
export function notedEntryJob(): EntryModuleError | undefined {
  return entryError
}

/**
 * Imports the module of a class, once in this thread. Evaluating its decorators registers the class.
 * @throws {RegistrationError} with the importer's own error as `cause`
 * @throws {EntryModuleError} if the module started a job
 */
export function importClass(ref: ClassRef): Promise<void> {
  const url = ref.module
  if (url === undefined) return Promise.resolve()
  let done = imports.get(url)
  if (done === undefined) {
    done = load(url)
    imports.set(url, done)
  }
  return done
}

/**
 * The method of a class that has been imported.
 * @throws {RegistrationError} if the module does not define it here as it does in the program
 */
export function findMethod(ref: MethodRef): { run: Function } {
  const entry = findClass(ref)
  const method = entry?.methods.get(ref.method)
  if (method === undefined) {
    const others = entry === undefined ? otherCopies() : undefined
    if (others !== undefined) {
      throw new RegistrationError(
        `Cannot find ${ref.name}.${ref.method} in a worker: importing ${ref.module} there does not define it for the copy of ` +
          `deco-ts that runs it, ${COPY.url}, but may do so for another one: ${others}. Way out: ${ONE_COPY}.`,
      )
    }
    throw new RegistrationError(
      `Cannot find ${ref.name}.${ref.method} in a worker: importing ${ref.module} there does not define it. Define the class ` +
        'at the top level of its module, unconditionally, or name the right module: @concurrent({ module: import.meta.url }).',
    )
  }
  const isSame = method.fingerprint === ref.fingerprint
  if (!isSame && (ref.words === undefined || !isSameInOtherWords(ref.words, wordsOf(method.run)))) {
    throw new RegistrationError(
      `Cannot run ${ref.name}.${ref.method} in a worker: ${ref.module} defines another method in its place there. Define the ` +
        'decorated classes of a module in the same order wherever it is imported.',
    )
  }
  return method
}

async function load(url: string): Promise<void> {
  entryError = undefined
  try {
    if (isTypeScript(url)) await compileTypeScript(url)
    const exported = await asImport(() => watchingClasses(() => import(url)))
    for (const value of Object.values(exported))
      if (typeof value === 'function' && value.prototype) noteMembers(value.prototype)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw (
      entryError ??
      new RegistrationError(
        `Cannot import ${url} in a worker: ${message.replace(/[.:]?$/, '.')} A worker imports the module of a class to run its methods. ` +
          (typeScriptWayOut(url, cause) ?? WAY_OUT),
        { cause },
      )
    )
  }
  if (entryError !== undefined) throw entryError
}

const WAY_OUT =
  'Way out: mend the module; or, if only what runs this program can import it, as with a file of tests, move the class into a ' +
  'module of its own, or use inline(), which imports nothing.'

// A decorator of a member never sees its class, and a class need not be exported. But every compiled decorator puts the
// decorated member onto the prototype with Object.defineProperty; during an import, this looks on.
async function watchingClasses<T>(load: () => Promise<T>): Promise<T> {
  const { defineProperty } = Object
  Object.defineProperty = <O>(target: O, key: PropertyKey, property: PropertyDescriptor & ThisType<unknown>): O => {
    notePrototype(target as object, property.value)
    return defineProperty(target, key, property)
  }
  try {
    return await load()
  } finally {
    Object.defineProperty = defineProperty
  }
}

function noteMembers(prototype: object): void {
  for (const key of Object.getOwnPropertyNames(prototype))
    notePrototype(prototype, Object.getOwnPropertyDescriptor(prototype, key)!.value)
}
