import { dirname, resolve } from 'node:path'
import type { BuildOptions, BuildResult, Metafile, PluginBuild } from 'esbuild'
import { type BuiltModules, faultsOf } from './apart.js'
import { noFileOfItsOwn } from './build-error.js'
import { decoratorsOf } from './decorators-of.js'
import { isJobModule, isOwn, PACKAGE, sourceOf } from './job-module.js'
import type { PluginOptions } from './options.js'
import { runtimeFiles, writeRuntimeFiles } from './runtime-files.js'

// Of what a module with decorated classes gets in place of deco-ts; its path is that of the module.
const FOR = 'deco-ts'

/** The plugin for esbuild. A file of its own a module becomes because it is imported by `import()`, too. */
export function esbuildSetup(build: PluginBuild, { standalone, library }: Required<PluginOptions>): void {
  const options = build.initialOptions
  const jobs = new Set<string>()
  const parts = new Set<string>()
  options.metafile = true
  // Unless it is told what for, esbuild leaves them as they are.
  options.supported = { decorators: false, ...options.supported }

  build.onStart(() => {
    for (const set of [jobs, parts]) set.clear()
  })

  build.onResolve({ filter: /^deco-ts(\/|$)/ }, async ({ path, importer, namespace }) => {
    if (!isOwn(path)) return undefined
    parts.add(path)
    const isPlain = path !== PACKAGE || namespace === FOR || importer === ''
    if (isPlain || !isJobModule(await sourceOf(importer))) return { path, external: true }
    const fault = wholeFault(importer, options)
    if (fault !== undefined) return { errors: [{ text: fault }] }
    jobs.add(importer)
    return { path: importer, namespace: FOR }
  })

  build.onLoad({ filter: /./, namespace: FOR }, ({ path }) => ({
    contents: decoratorsOf(`inModule(import.meta.url, { load: () => import(${JSON.stringify(path)}) })`),
    resolveDir: dirname(path),
  }))

  build.onEnd((result) => {
    if (result.errors.length > 0) return undefined
    const folder = options.absWorkingDir ?? process.cwd()
    if (!library) {
      const faults = [...faultsOf(jobs, modulesOf(options, result.metafile!, folder), 'splitting: true')]
      if (faults.length > 0) return { errors: faults.map((text) => ({ text })) }
    }
    if (parts.size > 0 && standalone) addRuntime(result, parts, options, folder)
    return undefined
  })
}

function wholeFault(module: string, { splitting, format, outdir }: BuildOptions): string | undefined {
  const way = "splitting: true, format: 'esm' and outdir"
  if (format !== 'esm')
    return noFileOfItsOwn(module, `format is ${format === undefined ? 'not given' : `'${format}'`}`, way)
  if (!splitting) return noFileOfItsOwn(module, 'splitting is off, so that each entry becomes one file', way)
  return outdir === undefined ? noFileOfItsOwn(module, 'outfile names a single file', way) : undefined
}

// esbuild names files as they are seen from the folder in which it works.
function modulesOf(options: BuildOptions, metafile: Metafile, folder: string): BuiltModules {
  const { inputs, outputs } = metafile
  const inputsOf = new Map(Object.entries(inputs).map(([path, input]) => [resolve(folder, path), input]))
  const modulesIn = (file: string) => Object.keys(outputs[file]?.inputs ?? {}).map((path) => resolve(folder, path))
  return {
    entries: entriesOf(options, metafile, folder),
    imports(module) {
      const imports = inputsOf.get(module)?.imports ?? []
      // What binds its decorators to it imports the module itself.
      return imports.flatMap(({ path, external }) =>
        external || path.startsWith(`${FOR}:`) ? [] : resolve(folder, path),
      )
    },
    evaluatedWith(module) {
      const evaluated = new Set(Object.keys(outputs).filter((file) => modulesIn(file).includes(module)))
      for (const file of evaluated)
        for (const { path, kind, external } of outputs[file]?.imports ?? [])
          if (kind !== 'dynamic-import' && !external) evaluated.add(path)
      return [...evaluated].flatMap(modulesIn)
    },
  }
}

// What is only imported by `import()` becomes an entry of esbuild's as well.
function entriesOf({ entryPoints = [] }: BuildOptions, { inputs, outputs }: Metafile, folder: string): Set<string> {
  const named = (Array.isArray(entryPoints) ? entryPoints : Object.values(entryPoints)).map((entry) =>
    resolve(folder, typeof entry === 'string' ? entry : entry.in),
  )
  const dynamic = new Set(
    Object.values(inputs).flatMap(({ imports }) =>
      imports.flatMap(({ path, kind }) => (kind === 'dynamic-import' ? path : [])),
    ),
  )
  const isNamed = (file: string) => named.includes(file) || named.includes(file.replace(/\.\w+$/, ''))
  return new Set(
    Object.values(outputs).flatMap(({ entryPoint }) => {
      if (entryPoint === undefined) return []
      const file = resolve(folder, entryPoint)
      return isNamed(file) || !dynamic.has(entryPoint) ? file : []
    }),
  )
}

function addRuntime(result: BuildResult, parts: Iterable<string>, options: BuildOptions, working: string): void {
  const folder = resolve(working, options.outdir ?? '')
  if (options.write !== false) {
    writeRuntimeFiles(folder, parts)
    return
  }
  for (const { path, source: text } of runtimeFiles(parts))
    result.outputFiles?.push({ path: resolve(folder, path), contents: new TextEncoder().encode(text), text, hash: '' })
}
