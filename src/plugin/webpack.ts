import { fileURLToPath } from 'node:url'
import { type BuiltModules, faultsOf } from './apart.js'
import { isJobModule, isOwn, PACKAGE, sourceOf } from './job-module.js'
import type { PluginOptions } from './options.js'
import { runtimeFiles } from './runtime-files.js'
import { ITSELF } from './webpack-loader.js'

const NAME = 'deco-ts'
// Makes of a module with decorated classes what the module gets in place of deco-ts. No other loader has a say.
const FOR = `!!${fileURLToPath(new URL('webpack-loader.js', import.meta.url))}!`

/**
 * The plugin for webpack, in whose bundles no file can be imported by itself but entries: the module of a class becomes the entry of
 * a worker, as webpack makes them for `new Worker(new URL(…))`.
 */
export function applyToWebpack(compiler: Compiler, { standalone, library }: Required<PluginOptions>): void {
  const { parser } = compiler.options.module
  const worker = parser.javascript?.worker
  parser.javascript = { ...parser.javascript }
  parser.javascript.worker = [...(Array.isArray(worker) ? worker : worker === false ? [] : ['...']), WORKER_OF]

  compiler.hooks.environment.tap(NAME, () => {
    const type = compiler.options.experiments.outputModule === true ? 'module' : 'commonjs'
    const own = async ({ request }: { request?: string }) =>
      request === ITSELF ? PACKAGE : isOwn(request) ? request : undefined
    new compiler.webpack.ExternalsPlugin(type, [own]).apply(compiler)
  })

  compiler.hooks.normalModuleFactory.tap(NAME, ({ hooks }) => {
    hooks.beforeResolve.tapPromise(NAME, async (data) => {
      const { issuer } = data.contextInfo
      if (data.request !== PACKAGE || issuer === '' || !isJobModule(await sourceOf(issuer))) return
      data.request = FOR + issuer
      // What says what is external looks here.
      data.dependencies[0]!.request = data.request
    })
  })

  compiler.hooks.thisCompilation.tap(NAME, (compilation) => {
    compilation.hooks.afterChunks.tap(NAME, () => {
      if (!library)
        for (const fault of faultsOf(jobsOf(compilation), modulesOf(compilation), WAY))
          compilation.errors.push(new compiler.webpack.WebpackError(fault))
      shareRuntime(compilation)
      keepWhole(compilation)
    })
    const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_ADDITIONAL
    compilation.hooks.processAssets.tap({ name: NAME, stage }, () => {
      const parts = [...compilation.modules].map(({ userRequest }) => userRequest).filter(isOwn)
      if (parts.length === 0 || !standalone) return
      // As they are: workers compare what they run with what the program has.
      for (const { path, source } of runtimeFiles(parts))
        compilation.emitAsset(path, new compiler.webpack.sources.RawSource(source), { minimized: true })
    })
  })
}

const WORKER_OF = `inModule from ${PACKAGE}/in-module`

const WAY = 'leave the module out of what groups modules'

// Each worker has a runtime of its own by default, and with it modules of its own: classes that two of them need would be two.
function shareRuntime(compilation: Compilation): void {
  let shared: Chunk | undefined
  for (const entrypoint of compilation.asyncEntrypoints) {
    if (entrypoint.options.runtime !== NAME) continue
    shared ??= Object.assign(compilation.addChunk(NAME), { runtime: NAME, preventIntegration: true })
    entrypoint.unshiftChunk(shared)
    shared.addGroup(entrypoint)
    entrypoint.setRuntimeChunk(shared)
    // Its decorators name its own file, which webpack gives only to what refers to others.
    entrypoint.addAsyncEntrypoint(entrypoint)
  }
}

// What splits chunks, at stage 10, may take a module from its entry, where webpack then misses it: it is put back.
function keepWhole({ asyncEntrypoints, chunkGraph, hooks }: Compilation): void {
  const roots = asyncEntrypoints.flatMap((entrypoint) => {
    if (entrypoint.options.runtime !== NAME) return []
    const entry = entrypoint.getEntrypointChunk()
    return [...chunkGraph.getChunkEntryModulesIterable(entry)].map((module) => ({ entry, module }))
  })
  hooks.optimizeChunks.tap({ name: NAME, stage: 15 }, () => {
    for (const { entry, module } of roots) chunkGraph.connectChunkAndModule(entry, module)
  })
}

// Modules may come from a cache: what was found while others were resolved is not all.
function jobsOf({ modules }: Compilation): string[] {
  return [...modules].flatMap((module) => (isBinding(module) ? (module.resource ?? []) : []))
}

function isBinding({ request }: Module): boolean {
  return request !== undefined && `!!${request}`.startsWith(FOR)
}

// What lies in one file with others is evaluated only when somebody asks for it: what a worker evaluates is what its entry imports.
function modulesOf({ entries, modules, asyncEntrypoints, moduleGraph, chunkGraph }: Compilation): BuiltModules {
  const imported = new Map<string, string[]>()
  for (const module of modules) {
    const names = [...moduleGraph.getOutgoingConnections(module)].flatMap(({ module }) => nameOf(module) ?? [])
    const name = nameOf(module)
    if (name !== undefined) imported.set(name, [...(imported.get(name) ?? []), ...names])
  }
  return {
    entries: [...entries.values()].flatMap(({ dependencies }) =>
      dependencies.flatMap((dependency) => nameOf(moduleGraph.getModule(dependency)) ?? []),
    ),
    imports: (module) => imported.get(module) ?? [],
    evaluatedWith: (module) =>
      asyncEntrypoints
        .filter((entrypoint) =>
          [...chunkGraph.getChunkEntryModulesIterable(entrypoint.getEntrypointChunk())].some(
            (root) => nameOf(root) === module,
          ),
        )
        .flatMap(({ chunks }) => chunks)
        .flatMap((chunk) => [...chunkGraph.getChunkModulesIterable(chunk)].flatMap((each) => nameOf(each) ?? [])),
  }
}

// What binds the decorators of a module to it comes from the same file.
function nameOf(module: Module | null): string | undefined {
  return module === null || isBinding(module) ? undefined : module.resource
}

// What is used of webpack here, which this package does not depend on.

/** A compiler of webpack's. */
export interface Compiler {
  readonly options: {
    readonly module: { readonly parser: { javascript?: { worker?: boolean | string[] } } }
    readonly experiments: { readonly outputModule?: boolean }
  }
  readonly hooks: {
    readonly environment: Hook<[]>
    readonly normalModuleFactory: Hook<[{ readonly hooks: { readonly beforeResolve: Hook<[ResolveData]> } }]>
    readonly thisCompilation: Hook<[Compilation]>
  }
  readonly webpack: {
    readonly Compilation: { readonly PROCESS_ASSETS_STAGE_ADDITIONAL: number }
    readonly ExternalsPlugin: new (type: string, externals: unknown[]) => { apply(compiler: Compiler): void }
    readonly WebpackError: new (message: string) => Error
    readonly sources: { readonly RawSource: new (source: string) => object }
  }
}

interface Hook<Args extends unknown[]> {
  tap(options: string | { name: string; stage: number }, listener: (...args: Args) => void): void
  tapPromise(name: string, listener: (...args: Args) => Promise<void>): void
}

interface ResolveData {
  request: string
  readonly dependencies: readonly { request: string }[]
  readonly contextInfo: { readonly issuer: string }
}

interface Module {
  readonly resource?: string
  readonly request?: string
  readonly userRequest?: string
}

interface Chunk {
  addGroup(group: Entrypoint): void
}

interface Entrypoint {
  readonly options: { readonly runtime?: string | false }
  readonly chunks: readonly object[]
  addAsyncEntrypoint(entrypoint: Entrypoint): void
  getEntrypointChunk(): object
  setRuntimeChunk(chunk: Chunk): void
  unshiftChunk(chunk: Chunk): void
}

interface Compilation {
  addChunk(name: string): Chunk
  readonly modules: Iterable<Module>
  readonly entries: ReadonlyMap<string, { readonly dependencies: readonly object[] }>
  readonly asyncEntrypoints: readonly Entrypoint[]
  readonly moduleGraph: {
    getModule(dependency: object): Module | null
    getOutgoingConnections(module: Module): Iterable<{ readonly module: Module | null }>
  }
  readonly chunkGraph: {
    getChunkEntryModulesIterable(chunk: object): Iterable<Module>
    connectChunkAndModule(chunk: object, module: Module): void
    getChunkModulesIterable(chunk: object): Iterable<Module>
  }
  readonly errors: Error[]
  readonly hooks: {
    readonly afterChunks: Hook<[]>
    readonly optimizeChunks: Hook<[]>
    readonly processAssets: Hook<[]>
  }
  emitAsset(path: string, source: object, info: object): void
}
