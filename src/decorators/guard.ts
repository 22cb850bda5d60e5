import { pathToFileURL } from 'node:url'
import { EntryModuleError, RegistrationError } from '../errors.js'
import { isJob, type Job } from '../job.js'
import { noteEntryJob } from '../worker/modules.js'

/** A context of a method that these decorators can stand on. */
export type MethodContext<This> = ClassMethodDecoratorContext<This> & {
  readonly name: string
  readonly static: false
  readonly private: false
}

/**
 * Checks that a decorator stands on a public method of an instance.
 * @throws {RegistrationError} that says where it stands instead
 */
export function checkMethod(decorator: string, method: unknown, context: unknown): asserts method is Function {
  if (typeof context !== 'object' || context === null) {
    throw new RegistrationError(
      `Cannot apply @${decorator}${context === undefined ? '' : ` to ${String(context)}`}: it was called as a legacy decorator. Way out: ` +
        'turn off "experimentalDecorators" in tsconfig.json (or the legacy mode of your compiler).',
    )
  }
  const {
    kind,
    name,
    static: isStatic,
    private: isPrivate,
  } = context as DecoratorContext & { static?: boolean; private?: boolean }
  const refuse = (what: string) => {
    throw new RegistrationError(
      `Cannot apply @${decorator} to ${String(name)}: it is ${what}. Way out: decorate a public method of instances.`,
    )
  }
  if (kind !== 'method') refuse(`a ${kind}, not a method`)
  if (isPrivate) refuse('a #private method, which a worker cannot find by name')
  if (isStatic) refuse('a static method, which has no job')
  if (typeof name === 'symbol') refuse('named by a symbol, which a worker cannot find')
  if (/Generator/.test((method as Function).constructor.name))
    refuse('a generator, which does not end when it is called')
}

/** The check that a class with decorated methods extends Job, made when an instance is constructed. */
export function checkInstance(decorator: string, name: string): (this: object) => void {
  return function () {
    if (!isJob(this)) throw notJob(decorator, name, this)
  }
}

/** The error for a decorated method called on something that is no job. */
export function notJob(decorator: string, name: string, receiver: unknown): RegistrationError {
  const className =
    typeof receiver === 'object' && receiver !== null ? (receiver.constructor as Function | undefined)?.name : undefined
  return new RegistrationError(
    className === undefined
      ? `Cannot call ${name}: it is a @${decorator} method and was called without its job (this is ${typeof receiver === 'object' && receiver !== null ? 'an object without a class' : String(receiver)}). Way out: call it as job.${name}(…).`
      : `Cannot use @${decorator} on ${className}.${name}: ${className} does not extend Job. Way out: class ${className} extends Job.`,
  )
}

/** The error for a job that starts while a worker imports its module. */
export function entryError(job: Job, name: string, module: string | undefined): EntryModuleError {
  const error = new EntryModuleError(
    `Cannot start ${job.constructor.name}.${name} here: a worker is importing ${module} to get the class, and that module starts the ` +
      'job itself, as the entry script of a program does. Way out: move the class into a module of its own, which it stays in a ' +
      'bundle by deco-ts/plugin, or start the job only ' +
      "in the main thread: import { isMainThread } from 'node:worker_threads'; if (isMainThread) { … }; in a file of tests, " +
      'use the executor inline().',
  )
  noteEntryJob(error)
  return error
}

/**
 * The URL that `module` names.
 * @throws {TypeError} if it is neither a URL nor an absolute path
 */
export function moduleUrl(decorator: string, module: string | URL): string {
  const text = String(module)
  if (/^([\\/]|[A-Za-z]:[\\/])/.test(text)) return pathToFileURL(text).href
  if (URL.canParse(text)) return text
  throw new TypeError(
    `Cannot use ${JSON.stringify(text)} as the module of @${decorator}: it must be a URL or an absolute path, such as import.meta.url.`,
  )
}

/** Gives a wrapper the name and the length of the method that it wraps. */
export function disguise<T extends Function>(wrapper: T, method: Function): T {
  Object.defineProperty(wrapper, 'name', { value: method.name, configurable: true })
  Object.defineProperty(wrapper, 'length', { value: method.length, configurable: true })
  return wrapper
}
