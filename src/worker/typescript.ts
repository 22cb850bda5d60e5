// A worker imports the module of a class by itself. Where that is TypeScript, something has to compile it there as well.

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { isTypeScript } from '../words.js'

/**
 * Has tsx compile TypeScript in this thread, if it can be found from the module and no loader came with the thread: one that `--import tsx`
 * gave the program gets here from Node.js 22 on, and what Vitest and Jest compile by, never.
 */
export async function compileTypeScript(url: string): Promise<void> {
  if (isDone || hasLoader()) return
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
  // Another module may have come here meanwhile.
  if (!isDone) register()
  isDone = true
}

/** What to do where a worker cannot import a module of TypeScript, if that is why. */
export function typeScriptWayOut(url: string, error: unknown): string | undefined {
  if (!isTypeScript(url) || !UNCOMPILED.test(`${(error as NodeJS.ErrnoException)?.code} ${String(error)}`))
    return undefined
  return (
    'Node.js does not compile decorators, and what compiled this module for the program does so for the program alone. Way out: ' +
    'npm install --save-dev tsx, which workers find by themselves; compile or bundle the module first; another loader, by ' +
    "threads({ execArgv: ['--import', …] }); or inline(), which imports nothing."
  )
}

// No loader at all, or one that takes the types away and leaves the decorators.
const UNCOMPILED = /^ERR_UNKNOWN_FILE_EXTENSION |^ERR_(INVALID|UNSUPPORTED)_TYPESCRIPT|SyntaxError/

let isDone = false

function hasLoader(): boolean {
  const given = `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`
  return Number.parseInt(process.versions.node, 10) >= 22 && /(^|\s)--(import|(experimental-)?loader)[\s=]/.test(given)
}
