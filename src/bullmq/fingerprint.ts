import { createHash } from 'node:crypto'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What a module says, and all files that it imports by a relative path, and these import; packages are not looked into. */
export interface Fingerprint {
  /** Of all files; where there are several, the beginning of the hash of each follows. */
  readonly bytes: Buffer
  /** In the order in which they are met, the module itself first. */
  readonly files: readonly string[]
  /** Whether a file is no longer what it was. */
  hasChanged(): boolean
}

/** Takes the fingerprint of a file. `undefined` for what is no file. */
export function fingerprintOf(module: string): Fingerprint | undefined {
  const states = new Map<string, string>()
  const hash = createHash('sha256')
  const parts: Buffer[] = []
  const visit = (file: string, specifier: string) => {
    const state = stateOf(file)
    if (states.has(file) || state === undefined) return
    states.set(file, state)
    const content = readFileSync(file)
    parts.push(createHash('sha256').update(content).digest().subarray(0, PART))
    hash.update(specifier).update(content)
    for (const [, next] of content.toString().matchAll(IMPORTS)) {
      const found = resolve(dirname(file), next!)
      if (found !== undefined) visit(found, next!)
    }
  }
  visit(module, '')
  if (states.size === 0) return undefined
  return {
    bytes: Buffer.concat([hash.digest(), ...(parts.length > 1 ? parts : [])]),
    files: [...states.keys()],
    hasChanged: () => [...states].some(([file, state]) => stateOf(file) !== state),
  }
}

/** The place among its files of the first that another fingerprint has otherwise, or not. */
export function firstDifference({ bytes }: Fingerprint, other: Uint8Array): number {
  for (let at = WHOLE; at < bytes.length; at += PART)
    if (!bytes.subarray(at, at + PART).equals(other.subarray(at, at + PART))) return (at - WHOLE) / PART
  return 0
}

const WHOLE = 32
const PART = 4

// Whatever looks like the import of a file. What is none, as in a comment, does no harm: both sides take it for one, or neither does.
const IMPORTS = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"](\.\.?\/[^'"?#]+)/g

// As loaders do: the file itself, its source, or what may be left out of its name.
function resolve(folder: string, specifier: string): string | undefined {
  const path = join(folder, specifier)
  const source = path.replace(/\.([cm]?)js(x?)$/, '.$1ts$2')
  const tried = [path, source, ...ENDINGS.map((ending) => `${path}${ending}`)]
  const found = tried.find((file) => stateOf(file) !== undefined)
  return found === undefined ? undefined : realpathSync(found)
}

const ENDINGS = ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js']

// No module is longer, in bytes.
const LONGEST = 2 ** 26

// A pipe would have whoever reads it wait.
function stateOf(file: string): string | undefined {
  try {
    const stat = statSync(file)
    return stat.isFile() && stat.size <= LONGEST ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : undefined
  } catch {
    return undefined
  }
}
