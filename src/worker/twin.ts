import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Whether this is a copy of the package that was compiled to CommonJS, of which there may be two in one thread: a loader such as tsx
 * compiles it anew for `require()`, and what is imported stays another. Classes of modules that have required the package are known
 * to that copy alone. Node.js itself gives the same one to both. (In a REPL an ES module sees a `require`, too.)
 */
export const isTwin = typeof require === 'function' && typeof import.meta.resolve !== 'function'

/** What the module at a URL exports by default, as whoever requires it gets it. */
export function twinOf<T>(url: string): T {
  return (createRequire(url)(fileURLToPath(url)) as { default: T }).default
}
