import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A file of a project that speaks of deco-ts. */
export interface Source {
  readonly file: string
  readonly text: string
  /** It is TypeScript. */
  readonly isTyped: boolean
  /** It has decorators of deco-ts, not compiled yet. */
  readonly isDecorated: boolean
}

// A project may be of any size: what is beyond these is left alone.
const MOST_FILES = 5000
const LONGEST = 300_000

/** The files in a folder that speak of deco-ts, without those of other packages and of hidden folders. */
export function sourcesIn(root: string): Source[] {
  const sources: Source[] = []
  const folders = [root]
  let seen = 0
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const entry of entriesOf(folder)) {
      const file = join(folder, entry.name)
      if (entry.isDirectory() && !isElsewhere(entry.name, file)) folders.push(file)
      if (!entry.isFile() || !/\.[mc]?[jt]sx?$/.test(entry.name) || /\.d\.[mc]?ts$/.test(entry.name)) continue
      if (++seen > MOST_FILES) return sources
      if (statSync(file).size > LONGEST) continue
      const source = sourceOf(file, readFileSync(file, 'utf8'))
      if (source !== undefined) sources.push(source)
    }
  }
  return sources
}

function sourceOf(file: string, text: string): Source | undefined {
  if (!/['"]deco-ts(\/[\w-]+)?['"]/.test(text)) return undefined
  return { file, text, isTyped: /\.[mc]?tsx?$/.test(file), isDecorated: isDecorated(text) }
}

/** Whether a text has decorators of deco-ts that no compiler has replaced. */
export function isDecorated(text: string): boolean {
  return /^\s*(?:export\s+(?:default\s+)?)?@[\w.(), ]*\b(?:concurrent|synchronized|serializable)\b/m.test(text)
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function isElsewhere(name: string, folder: string): boolean {
  return (
    name === 'node_modules' || name === 'coverage' || name.startsWith('.') || existsSync(join(folder, 'package.json'))
  )
}
