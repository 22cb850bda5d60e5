import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import page from './page/rollup.config.mjs'

const compiled = 'build/src'
const names = [
  'index',
  'testing/index',
  'bullmq/index',
  'trace/index',
  'bullmq/bridge',
  'progress/index',
  'eslint/index',
  'decorators/in-module',
  'plugin/index',
  'plugin/webpack-loader',
  'cli',
  'cli/doctor',
  'cli/doctor/probe-process',
  'cli/doctor/probe-thread',
  'cli/doctor/tiny',
  'worker/thread',
  'worker/bridge',
  'worker/process',
]
const entries = Object.fromEntries(names.map((name) => [name, `${compiled}/${name}.js`]))
const entryFiles = new Set(Object.values(entries).map((file) => fileURLToPath(new URL(file, import.meta.url))))
const [testing, bullmq, cli, eslint, plugin, progress, trace] = [
  'testing',
  'bullmq',
  'cli',
  'eslint',
  'plugin',
  'progress',
  'trace',
].map((folder) => fileURLToPath(new URL(`${compiled}/${folder}/`, import.meta.url)))

// What a program imports, in its tests as well, and what its workers start with share everything else, in one file: loading a
// file costs more than running it. It lies in a folder of its own so that `new URL('../worker/thread.js', import.meta.url)` keeps meaning what it says.
const library = {
  input: entries,
  // What tsc compiles decorators to looks there for its helpers.
  context: 'globalThis',
  external: [/^node:/, 'tinypool', 'bullmq', 'ioredis', 'msgpackr', 'log-update'],
  output: {
    dir: 'dist',
    format: 'es',
    sourcemap: true,
    chunkFileNames: 'core/[name].js',
    // There is little to find out early: resolving an import takes longer.
    hoistTransitiveImports: false,
    manualChunks: (id) => {
      // Of the queue, each side loads what it needs: Redis is not for the main thread of a program. Nor are the rules of ESLint.
      if (entryFiles.has(id) || [bullmq, cli, eslint, plugin, progress].some((folder) => id.startsWith(folder)))
        return undefined
      // Any program may record itself; what makes pictures of it is loaded by who wants them.
      if (id.startsWith(trace) && !/\/(environment|lines|places|record|recorded-calls)\.js$/.test(id)) return undefined
      return id.startsWith(testing) ? 'testing' : 'deco'
    },
  },
  plugins: [metadata(), sourceMaps(), withoutComments(), declarations()],
}

export default [library, page]

// Each thread imports the library anew, and Node.js takes a third as long again for the one module of it that is not an ES module.
// As one it does the same: it adds to the global Reflect, beside other copies of it.
function metadata() {
  const { resolve } = createRequire(import.meta.url)
  return {
    name: 'metadata',
    resolveId: (id) => (id === 'reflect-metadata/lite' ? { id: resolve(id), moduleSideEffects: true } : null),
  }
}

// A thread reads no comments, and would have to skip them each time that it imports the library.
function withoutComments() {
  const options = { legalComments: 'inline', sourcemap: 'external' }
  return { name: 'without-comments', renderChunk: (code) => transform(code, options) }
}

// tsc's source maps, handed on so that a stack names the TypeScript line.
function sourceMaps() {
  return {
    name: 'source-maps',
    async load(id) {
      if (!id.includes(compiled)) return null
      const [code, map] = await Promise.all([readFile(id, 'utf8'), readFile(`${id}.map`, 'utf8')])
      return { code, map }
    },
  }
}

// tsc's declarations, as they are: the files lie beside each other in dist as they do in src.
function declarations() {
  return {
    name: 'declarations',
    async generateBundle() {
      const files = await readdir(compiled, { recursive: true })
      for (const fileName of files.filter((file) => file.endsWith('.d.ts'))) {
        this.emitFile({ type: 'asset', fileName, source: await readFile(`${compiled}/${fileName}`) })
      }
    },
  }
}
