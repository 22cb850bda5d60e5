import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file that a build needs at run time. */
export interface RuntimeFile {
  /** Where it belongs in the output, with slashes. */
  readonly path: string
  readonly source: string
}

/**
 * What the given parts of deco-ts need at run time, laid out as a `node_modules` of its own: its modules, its workers' entries, and
 * tinypool. Everything else, such as types and source maps, stays behind.
 */
export function runtimeFiles(parts: Iterable<string>): RuntimeFile[] {
  const root = rootOf(import.meta.url)
  const { exports } = manifestOf(root) as { exports: Record<string, { default: string }> }
  const entries = [...new Set([...parts, ...NEEDED])].flatMap(
    (part) => exports[part.replace(/^deco-ts/, '.')]?.default ?? [],
  )
  const require = createRequire(join(root, 'package.json'))
  return [
    ...packed('deco-ts', root, entries),
    // It names its workers' entries in a way of its own.
    ...packed('tinypool', rootOf(require.resolve('tinypool')), [
      './dist/index.js',
      './dist/entry/worker.js',
      './dist/entry/process.js',
    ]),
  ]
}

/** Writes them into a folder. */
export function writeRuntimeFiles(folder: string, parts: Iterable<string>): void {
  for (const { path, source } of runtimeFiles(parts)) {
    const file = resolve(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, source)
  }
}

// Modules with decorated classes have both in place of deco-ts.
const NEEDED = ['deco-ts', 'deco-ts/in-module']

function packed(name: string, root: string, entries: readonly string[]): RuntimeFile[] {
  const { version, license, type, exports, main } = manifestOf(root)
  const manifest = { name, version, license, type, main, exports }
  return [
    ['package.json', `${JSON.stringify(manifest, null, 2)}\n`] as const,
    // Whoever hands on the build hands on these packages.
    ...licenses(root).map((file) => [file, readFileSync(join(root, file), 'utf8')] as const),
    ...reachable(root, entries),
  ].map(([file, source]) => ({ path: `node_modules/${name}/${file}`, source }))
}

// Modules name each other by relative paths: in imports of both kinds, and in `new URL('…', import.meta.url)` for workers.
const REFERENCES = /\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]|new URL\(\s*['"]([^'"]+\.js)['"],\s*import\.meta\.url/g

function reachable(root: string, entries: readonly string[]): Map<string, string> {
  const files = new Map<string, string>()
  const queue = entries.map((entry) => entry.replace(/^\.\//, ''))
  for (const file of queue) {
    if (files.has(file)) continue
    const source = readFileSync(join(root, file), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
    files.set(file, source)
    for (const [, imported, url] of source.matchAll(REFERENCES))
      queue.push(join(dirname(file), (imported ?? url)!).replaceAll('\\', '/'))
  }
  return files
}

function licenses(root: string): string[] {
  return readdirSync(root).filter((file) => /^(licen[cs]e|copyrightnotice)/i.test(file))
}

function manifestOf(root: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>
}

// A package need not export its package.json.
function rootOf(file: string): string {
  let folder = dirname(file.startsWith('file:') ? fileURLToPath(file) : file)
  for (;;) {
    try {
      if (manifestOf(folder).name !== undefined) return folder
    } catch {
      // Not here.
    }
    const parent = dirname(folder)
    if (parent === folder) throw new Error(`Cannot find the package of ${file}. Way out: install deco-ts anew.`)
    folder = parent
  }
}
