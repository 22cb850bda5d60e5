// Builds the application with one bundler: `node build.mjs PROJECT OUT JOBS`. JOBS is JSON, a list of what test/helpers/toolchains.ts
// calls a build, each with the name of its folder in OUT. PROJECT/src holds the sources, and PROJECT/NAME what the compiler NAME
// made of them. Prints a JSON object: the version of the bundler, and what the builds that went wrong said, by folder.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , project, out, jobs] = process.argv
const require = createRequire(import.meta.url)
// As it is installed where the sources are.
const plugin = join(project, 'node_modules/deco-ts/dist/plugin/index.js')
const { deco } = await import(pathToFileURL(plugin).href)

// What names files has hashes and folders, too.
const NAMES = {
  entryFileNames: ({ name }) => (/^(main|start)$/.test(name) ? '[name].js' : 'jobs/[name]-[hash].js'),
  chunkFileNames: 'parts/[name]-[hash].js',
}

const isClass = /[\\/](sums|doubled|products|vector)\.[jt]s$/
const inOneFile = (id) => (isClass.test(id) ? 'classes' : undefined)

// Settings of bundlers that take those of rollup, or of rolldown.
const ROLLUP = {
  'CommonJS output': { format: 'cjs' },
  'a file for each module': { preserveModules: true },
  'all classes in one file': { manualChunks: inOneFile },
  'classes and entry in one group': { manualChunks: () => 'all' },
  'everything in one file': { inlineDynamicImports: true },
}
const ROLLDOWN = {
  ...ROLLUP,
  'all classes in one file': { codeSplitting: { groups: [{ name: 'classes', test: isClass }] } },
  'classes and entry in one group': { codeSplitting: { groups: [{ name: 'all', test: /./ }] } },
  'everything in one file': { codeSplitting: false },
}
const GROUPS = { classes: { name: 'classes', test: isClass, chunks: 'all', enforce: true } }
const ENTRIES = {
  'CommonJS output': 'start',
  'a class in the entry': 'in-entry',
  'a class that imports the entry': 'circle',
}

// Each gives its version, and what builds: in `dir`, from `entry`, which lies in `folder`.
const bundlers = {
  async rollup() {
    const { rollup, VERSION } = await import('rollup')
    const { minify } = await import('terser')
    const { nodeResolve } = await import('@rollup/plugin-node-resolve')
    const terser = {
      name: 'terser',
      renderChunk: async (code) => ({
        code: (await minify(code, { module: true, toplevel: true, format: { ecma: 2020 } })).code,
        map: null,
      }),
    }
    const compilers = {
      'rollup-plugin-esbuild': async () => (await import('rollup-plugin-esbuild')).default({ target: 'es2022' }),
      '@rollup/plugin-typescript': async ({ folder }) =>
        (await import('@rollup/plugin-typescript')).default({
          ...{ tsconfig: join(folder, '../tsconfig.json'), include: [join(folder, '**/*.ts')] },
          compilerOptions: { module: 'esnext', moduleResolution: 'bundler', sourceMap: false },
        }),
    }
    const build = async ({ entry, dir, folder, by, setting, isMinified }) => {
      const bundle = await rollup({
        ...{ input: entry, external: /^node:/ },
        // What compilers need of their packages is bundled: helpers that lie in a file of their own.
        plugins: [deco.rollup(), await compilers[by]?.({ folder }), nodeResolve(), isMinified && terser],
        onwarn: refuse,
      })
      await bundle.write({ dir, ...(isMinified && NAMES), ...ROLLUP[setting] })
      await bundle.close()
    }
    return [VERSION, build]
  },

  async rolldown() {
    const { build, VERSION } = await import('rolldown')
    return [
      VERSION ?? require('rolldown/package.json').version,
      ({ entry, dir, folder, by, setting, isMinified }) =>
        build({
          ...{ input: entry, cwd: folder, platform: 'node', logLevel: 'silent' },
          resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
          plugins: [deco.rolldown({ compile: compilerOf(by) })],
          output: { dir, minify: isMinified, ...(isMinified && NAMES), ...ROLLDOWN[setting] },
        }),
    ]
  },

  'Vite 7': () => vite('vite-7', 'esbuild', ROLLUP),
  'Vite 8': () => vite('vite-8', true, ROLLDOWN),

  async esbuild() {
    const { build, version } = await import('esbuild')
    return [
      version,
      ({ entry, dir, folder, isMinified }) =>
        build({
          ...{ entryPoints: [entry], outdir: dir, absWorkingDir: folder, logLevel: 'silent' },
          ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', minify: isMinified },
          ...(isMinified && { chunkNames: 'parts/[name]-[hash]' }),
          plugins: [deco.esbuild()],
        }),
    ]
  },

  async webpack() {
    const { default: webpack } = await import('webpack')
    const parser = { syntax: 'typescript', decorators: true }
    const loaders = {
      'swc-loader': { jsc: { target: 'es2022', parser, transform: { decoratorVersion: '2022-03' } } },
      'esbuild-loader': { target: 'es2022' },
    }
    const build = ({ entry, dir, folder, by, setting, isMinified }) => {
      const isModule = setting !== 'CommonJS output'
      const compiler = webpack({
        ...{ mode: isMinified ? 'production' : 'development', entry, context: folder, target: 'node20' },
        ...(isMinified && { devtool: false }),
        resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
        module: {
          rules: by in loaders ? [{ test: /\.ts$/, loader: require.resolve(by), options: loaders[by] }] : [],
        },
        experiments: { outputModule: isModule },
        output: {
          ...{ path: dir, filename: '[name].js', module: isModule },
          ...(isMinified && { chunkFilename: 'parts/[name]-[contenthash].js' }),
        },
        // Classes stay where webpack has them: in the entries of workers.
        ...(setting === 'all classes in one file' && { optimization: { splitChunks: { cacheGroups: GROUPS } } }),
        plugins: [deco.webpack()],
      })
      return new Promise((resolve, reject) => {
        compiler.run((error, stats) => {
          compiler.close(() => {
            if (error) reject(error)
            else if (stats.hasErrors() || stats.hasWarnings()) reject(new Error(stats.toString('errors-warnings')))
            else resolve()
          })
        })
      })
    }
    return [webpack.version, build]
  },
}

async function vite(name, minifier, settings) {
  const { build, version } = await import(name)
  return [
    version,
    ({ entry, dir, folder, by, setting, isMinified }) =>
      build({
        ...{ root: folder, configFile: false, logLevel: 'silent' },
        plugins: [deco.vite({ compile: compilerOf(by) })],
        // What compilers need of their packages.
        ssr: { noExternal: true },
        build: {
          ...{ ssr: entry, outDir: dir, minify: isMinified && minifier },
          rollupOptions: {
            output: { ...(isMinified ? NAMES : { entryFileNames: '[name].js' }), ...settings[setting] },
          },
        },
      }),
  ]
}

function compilerOf(by) {
  const [, compiler] = /^deco-ts\/plugin with (\w+)/.exec(by) ?? []
  return compiler?.toLowerCase() ?? 'auto'
}

function refuse({ code, message }) {
  // The helpers of tsc look for an older self there.
  if (code !== 'THIS_IS_UNDEFINED') throw new Error(message)
}

const builds = JSON.parse(jobs)
const [version, build] = await bundlers[builds[0].bundler]()
const errors = {}
for (const { into, by, setting, isMinified } of builds) {
  const compiled = join(project, by)
  const folder = existsSync(compiled) ? compiled : join(project, 'src')
  const name = ENTRIES[setting] ?? 'main'
  const entry = join(folder, `${name}${existsSync(compiled) ? '.js' : '.ts'}`)
  const dir = join(out, into)
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'package.json'), `{ "type": "${name === 'start' ? 'commonjs' : 'module'}" }`)
  try {
    await build({ entry, dir, folder, by, setting, isMinified })
  } catch (error) {
    errors[into] = error.message
  }
}
process.stdout.write(JSON.stringify({ version, errors }))
