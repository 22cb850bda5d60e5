import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { type Files, upward } from './files.js'

/** An option, and the file that sets it. */
export interface CompilerOption {
  readonly value: unknown
  readonly file: string
}

/** A tsconfig.json with all that it extends. */
export interface Tsconfig {
  readonly file: string
  readonly options: ReadonlyMap<string, CompilerOption>
  /** Files that cannot be read, and why. */
  readonly problems: readonly { readonly file: string; readonly why: string }[]
  /** Other configurations that it refers to. */
  readonly references: readonly string[]
  /** It compiles no files itself: it only names other configurations. */
  readonly isIndex: boolean
}

interface Content {
  readonly extends?: string | readonly string[]
  readonly compilerOptions?: Readonly<Record<string, unknown>>
  readonly references?: readonly { readonly path?: string }[]
  readonly files?: readonly string[]
  readonly include?: readonly string[]
}

/** The configurations that are in force in some folders, those that they refer to included. */
export function tsconfigsFor(from: Files, folders: readonly string[]): Tsconfig[] {
  const files = new Set(folders.map((folder) => nearest(from, folder)).filter((file) => file !== undefined))
  const configs: Tsconfig[] = []
  // A set goes on to what is added meanwhile.
  for (const file of files) {
    const config = readTsconfig(from, file)
    for (const reference of config.references) if (existsSync(reference)) files.add(reference)
    if (!config.isIndex || config.problems.length > 0) configs.push(config)
  }
  return configs
}

// Not beyond the package: the configuration of another one says nothing of this one.
function nearest(from: Files, folder: string): string | undefined {
  const top = from.packageAbove(folder)
  for (const at of upward(folder)) {
    const file = join(at, 'tsconfig.json')
    if (existsSync(file)) return file
    if (at === top) return undefined
  }
  return undefined
}

/** Reads a configuration and, before it, what it extends. */
export function readTsconfig(from: Files, file: string): Tsconfig {
  const options = new Map<string, CompilerOption>()
  const problems: { file: string; why: string }[] = []
  const content = take(from, file, [], options, problems)
  const references = (content.references ?? []).flatMap(({ path }) => {
    if (typeof path !== 'string') return []
    const at = resolve(dirname(file), path)
    return [at.endsWith('.json') ? at : join(at, 'tsconfig.json')]
  })
  const isIndex = references.length > 0 && content.files?.length === 0 && content.include === undefined
  return { file, options, problems, references, isIndex }
}

function take(
  from: Files,
  file: string,
  above: readonly string[],
  options: Map<string, CompilerOption>,
  problems: { file: string; why: string }[],
): Content {
  let content: Content
  try {
    content = (from.json(file) ?? {}) as Content
  } catch (error) {
    problems.push({ file, why: `it is no JSON (${(error as Error).message})` })
    return {}
  }
  for (const base of [content.extends ?? []].flat()) {
    const found = typeof base === 'string' ? resolveBase(from, file, base) : undefined
    if (found === undefined) problems.push({ file, why: `it extends ${JSON.stringify(base)}, which is not there` })
    else if ([...above, file].includes(found)) problems.push({ file, why: `it extends itself by way of ${base}` })
    else take(from, found, [...above, file], options, problems)
  }
  for (const [name, value] of Object.entries(content.compilerOptions ?? {})) options.set(name, { value, file })
  return content
}

function resolveBase(from: Files, file: string, base: string): string | undefined {
  if (isAbsolute(base) || /^\.\.?(\/|$)/.test(base)) return firstFile(resolve(dirname(file), base))
  for (const folder of upward(dirname(file))) {
    const at = join(folder, 'node_modules', base)
    const named = from.manifestOf(at)?.tsconfig
    const found = (named !== undefined && firstFile(join(at, named))) || firstFile(at)
    if (found) return found
  }
  try {
    return createRequire(file).resolve(base)
  } catch {
    return undefined
  }
}

function firstFile(path: string): string | undefined {
  if (path.endsWith('.json')) return existsSync(path) ? path : undefined
  return [`${path}.json`, join(path, 'tsconfig.json')].find((file) => existsSync(file))
}
