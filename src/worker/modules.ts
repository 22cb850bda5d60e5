import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type EntryModuleError, RegistrationError } from '../errors.js'
import { findClass, notePrototype } from '../metadata.js'
import type { ClassRef, MethodRef } from '../protocol.js'
import { asImport } from './context.js'

const imports = new Map<string, Promise<void>>()
let entryError: EntryModuleError | undefined

/** Notes that a job was started while a module was being imported: the module is the program's entry. */
export function noteEntryJob(error: EntryModuleError): void {
  entryError ??= error
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
    throw new RegistrationError(
      `Cannot find ${ref.name}.${ref.method} in a worker: importing ${ref.module} there does not define it. Define the class ` +
        'at the top level of its module, unconditionally, or name the right module: @concurrent({ module: import.meta.url }).',
    )
  }
  if (method.fingerprint !== ref.fingerprint) {
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
    if (TYPESCRIPT.test(url)) await registerTypeScript(url)
    const exported = await asImport(() => watchingClasses(() => import(url)))
    for (const value of Object.values(exported))
      if (typeof value === 'function' && value.prototype) noteMembers(value.prototype)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw (
      entryError ??
      new RegistrationError(
        `Cannot import ${url} in a worker: ${message} ${isUncompiled(url, cause) ? UNCOMPILED : USE}`,
        { cause },
      )
    )
  }
  if (entryError !== undefined) throw entryError
}

const TYPESCRIPT = /\.[mc]?tsx?($|\?)/
const USE = 'A worker imports the module of a class to run its methods.'
const UNCOMPILED =
  'Node.js does not compile decorators, and this module came to the program through something else, of which workers know ' +
  'nothing. Way out: run the program under tsx (node --import tsx), compile or bundle it first (docs/toolchains.md), or use ' +
  'the executor inline(), as in tests under Vitest.'

function isUncompiled(url: string, cause: unknown): boolean {
  return (
    TYPESCRIPT.test(url) &&
    (cause instanceof SyntaxError || (cause as { code?: unknown } | undefined)?.code === 'ERR_UNKNOWN_FILE_EXTENSION')
  )
}

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

// Before Node 22 a worker does not inherit the loader that `--import tsx` gave the program.
async function registerTypeScript(url: string): Promise<void> {
  if (Number.parseInt(process.versions.node, 10) >= 22) return
  let api: string
  try {
    // This finds the CommonJS twin, which cannot register itself when it is imported.
    api = createRequire(url)
      .resolve('tsx/esm/api')
      .replace(/\.cjs$/, '.mjs')
  } catch {
    return
  }
  const { register } = (await import(pathToFileURL(api).href)) as { register: () => unknown }
  if (!isRegistered) register()
  isRegistered = true
}

let isRegistered = false
