// Compiles the application with every compiler there is: `node compile.mjs FOLDER`, where FOLDER/src holds its sources. What comes
// out of each lies in FOLDER/NAME. Prints a JSON object: for each compiler its version, or what went wrong.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const require = createRequire(import.meta.url)

const OPTIONS = {
  ...{ target: 'es2022', module: 'nodenext', moduleResolution: 'nodenext', strict: true, skipLibCheck: true },
  ...{ lib: ['es2023', 'esnext.decorators', 'esnext.disposable', 'esnext.collection'], types: ['node'] },
}

// Each is given the folders and gives back its version. Those with helpers of their own package are as hard as it gets: in a
// bundle, they come to lie in a file that is nobody's.
const compilers = {
  'TypeScript 5': (folder, out) => tsc('typescript-5', folder, out),
  'TypeScript 6': (folder, out) => tsc('typescript', folder, out),
  'TypeScript 7': (folder, out) => tsc('typescript-7', folder, out),
  'TypeScript 7 with tslib': (folder, out) => tsc('typescript-7', folder, out, { importHelpers: true }),
  esbuild: eachFile(async () => {
    const { transform, version } = await import('esbuild')
    return [version, async (code) => (await transform(code, { loader: 'ts', target: 'es2022' })).code]
  }),
  swc: eachFile(() => swc({})),
  'swc with @swc/helpers': eachFile(() => swc({ externalHelpers: true })),
  Babel: eachFile(() => babel([])),
  'Babel with @babel/runtime': eachFile(() => babel(['@babel/plugin-transform-runtime'])),
  Bun: bun,
}

function tsc(name, folder, out, more = {}) {
  const project = join(folder, `tsconfig.${more.importHelpers ? 'tslib.' : ''}json`)
  writeFileSync(project, JSON.stringify({ compilerOptions: { ...OPTIONS, ...more, rootDir: 'src' }, include: ['src'] }))
  const { bin, version } = require(`${name}/package.json`)
  const command = join(require.resolve(`${name}/package.json`), '..', bin.tsc)
  execFileSync(process.execPath, [command, '-p', project, '--outDir', out], { encoding: 'utf8' })
  return version
}

async function swc(more) {
  const { transform, version } = await import('@swc/core')
  const jsc = { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, ...more }
  const options = { swcrc: false, configFile: false, jsc: { ...jsc, transform: { decoratorVersion: '2022-03' } } }
  return [version, async (code, filename) => (await transform(code, { filename, ...options })).code]
}

async function babel(plugins) {
  const { default: babel } = await import('@babel/core')
  const options = {
    ...{ babelrc: false, configFile: false, cwd: import.meta.dirname },
    plugins: [['@babel/plugin-proposal-decorators', { version: '2023-11' }], ...plugins],
    presets: ['@babel/preset-typescript'],
  }
  return [babel.version, async (code, filename) => (await babel.transformAsync(code, { filename, ...options })).code]
}

function eachFile(load) {
  return async (folder, out) => {
    const [version, transform] = await load()
    for (const file of readdirSync(join(folder, 'src'))) {
      const path = join(folder, 'src', file)
      writeFileSync(join(out, file.replace(/ts$/, 'js')), await transform(readFileSync(path, 'utf8'), path))
    }
    return version
  }
}

// What is external stays as it is written, so that each file becomes one file, with the helpers in it that Node.js lacks.
function bun(folder, out) {
  const binary = join(require.resolve('@oven/bun-linux-x64/package.json'), '../bin/bun')
  const files = readdirSync(join(folder, 'src')).map((file) => join(folder, 'src', file))
  execFileSync(
    binary,
    ['build', ...files, '--outdir', out, '--root', join(folder, 'src'), '--target=node', '--external', '*'],
    { encoding: 'utf8' },
  )
  return execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim()
}

const folder = resolve(process.argv[2])
const results = {}
for (const [name, compile] of Object.entries(compilers)) {
  const out = join(folder, name)
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'package.json'), '{ "type": "module" }')
  try {
    results[name] = { version: await compile(folder, out) }
  } catch (error) {
    results[name] = { error: `${error.message}\n${error.stdout ?? ''}` }
  }
}
process.stdout.write(JSON.stringify(results))
