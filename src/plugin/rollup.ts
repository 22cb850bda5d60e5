import { basename } from 'node:path'
import type { ExternalOption, OutputBundle, OutputChunk, Plugin, PluginContext } from 'rollup'
import { type BuiltModules, faultsOf } from './apart.js'
import { noFileOfItsOwn } from './build-error.js'
import { compile } from './compile.js'
import { decoratorsOf } from './decorators-of.js'
import { hasDecorators, isJobModule, isOwn, PACKAGE, sourceOf } from './job-module.js'
import type { PluginOptions } from './options.js'
import { runtimeFiles, writeRuntimeFiles } from './runtime-files.js'

// What a module with decorated classes gets in place of deco-ts; what follows is the id of that module.
const FOR = '\0deco-ts:'

/** A bundler that takes plugins of rollup's. */
export type RollupLike = 'rollup' | 'rolldown' | 'Vite'

/** The hooks for rollup, and for what takes its plugins. `isServed` says that modules are evaluated one by one, without a bundle. */
export function rollupHooks(
  { standalone, library, compile: compiler }: Required<PluginOptions>,
  bundler: RollupLike,
  isServed: () => boolean = () => false,
): Omit<Plugin, 'name'> {
  const entries = new Set<string>()
  // Modules with decorated classes.
  const jobs = new Set<string>()
  // Parts of deco-ts that are imported. A bundler that watches does not resolve again what it knows.
  const parts = new Set<string>()

  return {
    options(options) {
      // What is external is not resolved: a module with classes would get deco-ts itself.
      const { external } = options
      if (external === undefined) return null
      return { ...options, external: (id, ...more) => !isOwn(id) && isExternal(external, id, ...more) }
    },

    async buildStart({ input }) {
      entries.clear()
      jobs.clear()
      if (isServed()) return
      for (const each of Array.isArray(input) ? input : Object.values(input)) {
        const resolved = await this.resolve(each, undefined, { isEntry: true })
        if (resolved !== null) entries.add(resolved.id)
      }
    },

    resolveId: {
      order: 'pre',
      async handler(source, importer) {
        if (isServed()) return null
        if (source.startsWith(FOR)) return source
        if (!isOwn(source) || importer === undefined) return null
        parts.add(source)
        const isPlain = source !== PACKAGE || importer.startsWith(FOR)
        if (isPlain || !isJobModule(this.getModuleInfo(importer)?.code ?? (await sourceOf(importer))))
          return { id: source, external: true, moduleSideEffects: true }
        return FOR + importer
      },
    },

    load: {
      order: 'pre',
      handler(id) {
        if (!id.startsWith(FOR)) return null
        const module = id.slice(FOR.length)
        jobs.add(module)
        const file = this.emitFile({
          ...{ type: 'chunk', id: module, preserveSignature: 'allow-extension' },
          name: basename(module).replace(/\.\w+([?#].*)?$/, ''),
        })
        return { code: decoratorsOf(`inModule(import.meta.ROLLUP_FILE_URL_${file})`), moduleSideEffects: true }
      },
    },

    transform: {
      order: 'pre',
      async handler(code, id) {
        if (compiler === false || (compiler === 'auto' && bundler === 'rollup')) return null
        if (!code.includes(PACKAGE) || !isJobModule(code) || !hasDecorators(code)) return null
        const { code: compiled, map } = await compile(code, id, compiler, bundler)
        return { code: compiled, map: map ?? null }
      },
    },

    renderStart(output) {
      const { format, inlineDynamicImports, file } = output
      const [job] = jobs
      if (job === undefined) return
      const refuse = (setting: string, way: string) => this.error(noFileOfItsOwn(job, setting, way))
      if (!['es', 'cjs'].includes(format))
        refuse(`output.format is '${format}', which is for one file`, "output.format: 'es'")
      if (inlineDynamicImports)
        refuse('output.inlineDynamicImports puts everything into one file', 'turn it off, and give output.dir')
      // rolldown's name for the same.
      if ((output as { codeSplitting?: unknown }).codeSplitting === false)
        refuse('output.codeSplitting: false puts everything into one file', 'turn it on, and give output.dir')
      if (file !== undefined) refuse('output.file names a single file', 'give output.dir in place of output.file')
    },

    // Vite takes it for the URL of what a browser loads.
    resolveFileUrl({ moduleId, relativePath, format }) {
      if (bundler !== 'Vite' || !moduleId.startsWith(FOR)) return null
      const path = JSON.stringify(relativePath)
      return format === 'cjs'
        ? `require('node:url').pathToFileURL(require('node:path').join(__dirname, ${path})).href`
        : `new URL(${path}, import.meta.url).href`
    },

    generateBundle(_, bundle) {
      if (!library) for (const fault of faultsOf(jobs, modulesOf(this, entries, bundle), WAY)) this.error(fault)
      if (parts.size === 0 || !standalone || bundler === 'Vite') return
      for (const { path, source } of runtimeFiles(parts)) this.emitFile({ type: 'asset', fileName: path, source })
    },

    // Vite takes away what is emitted for a server.
    writeBundle({ dir }) {
      if (bundler === 'Vite' && parts.size > 0 && standalone) writeRuntimeFiles(dir ?? '.', parts)
    },
  }
}

function isExternal(external: ExternalOption, id: string, importer: string | undefined, isResolved: boolean): boolean {
  if (typeof external === 'function') return external(id, importer, isResolved) === true
  return [external].flat().some((each) => (typeof each === 'string' ? each === id : each.test(id)))
}

const WAY = 'leave the module out of what groups modules (output.manualChunks, or the like)'

function modulesOf(context: PluginContext, entries: ReadonlySet<string>, bundle: OutputBundle): BuiltModules {
  const chunks = Object.values(bundle).filter((output): output is OutputChunk => output.type === 'chunk')
  return {
    entries,
    imports(module) {
      const { importedIds = [], dynamicallyImportedIds = [] } = context.getModuleInfo(module) ?? {}
      return [...importedIds, ...dynamicallyImportedIds]
    },
    evaluatedWith(module) {
      const evaluated = new Set(chunks.filter(({ moduleIds }) => moduleIds.includes(module)))
      for (const { imports } of evaluated)
        for (const chunk of chunks) if (imports.includes(chunk.fileName)) evaluated.add(chunk)
      return [...evaluated].flatMap(({ moduleIds }) => moduleIds)
    },
  }
}
