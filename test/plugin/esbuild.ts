import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { type BuildOptions, type BuildResult, build, stop } from 'esbuild'
import { deco, type PluginOptions } from '../../src/plugin/index.js'
import { root } from '../helpers/project.js'
import { runNode } from '../helpers/run-program.js'

// As they were written: esbuild compiles them.
const sources = `${root}test/fixtures/toolchains/`

test.after.always(() => stop())

function bundle(entry: string, options: BuildOptions = {}, plugin: PluginOptions = {}): Promise<BuildResult> {
  return build({
    ...{ entryPoints: [`${sources}${entry}.ts`], outdir: 'out', write: false, logLevel: 'silent' },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', plugins: [deco.esbuild(plugin)] },
    ...options,
  })
}

test('a build runs where nothing is installed, and its entry only in the main thread', async (t) => {
  const outdir = mkdtempSync(join(tmpdir(), 'deco-ts-esbuild-'))
  t.teardown(() => rmSync(outdir, { recursive: true }))
  await bundle('main', { outdir, write: true, minify: true, outExtension: { '.js': '.mjs' } })
  const evaluated = join(outdir, 'evaluated')
  const ran = await runNode([join(outdir, 'main.mjs')], {
    cwd: tmpdir(),
    env: { ...process.env, EVALUATED: evaluated },
  })
  t.is(ran.code, 0, ran.output)
  t.regex(ran.stdout, /"worker"\]\n$/)
  t.is(readFileSync(evaluated, 'utf8'), 'evaluated\n')
})

test('files that are not written are handed on, those of the runtime as well', async (t) => {
  const { outputFiles } = await bundle('main')
  t.true(outputFiles!.some(({ path }) => path.endsWith('out/node_modules/deco-ts/dist/worker/thread.js')))
  const { outputFiles: own } = await bundle('main', {}, { standalone: false })
  t.true(own!.every(({ path }) => !path.includes('node_modules')))
})

test('dependencies may be external', async (t) => {
  const { outputFiles } = await bundle('main', { packages: 'external' }, { standalone: false })
  t.true(outputFiles!.some(({ text }) => text.includes('inModule(import.meta.url')))
})

test('classes may be entries as well', async (t) => {
  await t.notThrowsAsync(bundle('main', { entryPoints: [`${sources}main.ts`, `${sources}sums.ts`] }))
})

const refused = test.macro(async (t, entry: string, options: BuildOptions, message: RegExp) => {
  const error = await t.throwsAsync(bundle(entry, options))
  t.regex(error!.message, message)
})

test(
  'a class in the entry is refused',
  refused,
  'in-entry',
  {},
  /Cannot build \S*in-entry\.ts: it has decorated classes and is an entry.*Way out: move the classes/,
)
test(
  'a class that imports the entry is refused',
  refused,
  'circle',
  {},
  /Cannot build \S*in-circle\.ts: .* imports the entry \S*circle\.ts.*Way out: move what it needs/,
)
const WAY = "Way out: splitting: true, format: 'esm' and outdir"
test('no splitting is refused', refused, 'main', { splitting: false }, RegExp(`splitting is off.*${WAY}`))
test('CommonJS is refused', refused, 'start', { splitting: false, format: 'cjs' }, RegExp(`format is 'cjs'.*${WAY}`))

test("a library's entry may have classes", async (t) => {
  await t.notThrowsAsync(bundle('in-entry', {}, { library: true }))
})
