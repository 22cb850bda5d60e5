import { noteCopies } from '../metadata.js'
import { concurrent } from './concurrent.js'
import { moduleUrl } from './guard.js'
import { type Serializable, serializable } from './serializable.js'
import { type synchronized, synchronizedIn } from './synchronized.js'

export type { Serializable }

/** The decorators as the classes of one module see them. */
export interface ModuleDecorators {
  readonly concurrent: typeof concurrent
  readonly synchronized: typeof synchronized
  readonly serializable: Serializable
}

/** How a bundler keeps a module. */
export interface KeptModule {
  /** The program and its workers each have a copy, which a minifier may have changed in another way. Default: `false`. */
  readonly isCopied?: boolean
  /** Imports the module: for bundlers that only split where they see an `import()`. It is never called. */
  readonly load?: () => Promise<unknown>
}

/**
 * The decorators for the classes of one module, which workers import by this URL. `deco-ts/plugin` gives them to the modules
 * of a bundle: which file a decorator is evaluated in says little there, as a helper of the compiler may lie in another one.
 * A class that gives a `module` of its own keeps it. It may be called with `new`, after which webpack looks for workers.
 */
export function inModule(module: string | URL, { isCopied = false }: KeptModule = {}): ModuleDecorators {
  const url = moduleUrl('concurrent', module)
  if (isCopied) noteCopies(url)
  return {
    concurrent: within(concurrent, url),
    synchronized: synchronizedIn(url),
    serializable: Object.assign(within(serializable, url), {
      for: ((target, options) => serializable.for(target, add(url, options))) as Serializable['for'],
    }),
  }
}

// A decorator that takes options may stand without them.
function within<T extends Function>(decorator: T, module: string): T {
  const decorate = decorator as unknown as (...given: unknown[]) => unknown
  return ((first: unknown, context?: unknown) => {
    if (typeof first !== 'function' && context === undefined) return decorate(add(module, first))
    return (decorate({ module }) as typeof decorate)(first, context)
  }) as unknown as T
}

// What is no object of options is left for the decorator to refuse.
function add<T>(module: string, options: T): T {
  return typeof options === 'object' && options !== null ? { module, ...options } : options
}
