import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { type InputOptions, type OutputChunk, type OutputOptions, type RollupOutput, rollup } from 'rollup'
import { deco, type PluginOptions } from '../../src/plugin/index.js'
import { runNode } from '../helpers/run-program.js'

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/toolchains/${name}.js`, import.meta.url))

interface Settings {
  readonly plugin?: PluginOptions
  readonly input?: InputOptions
  readonly output?: OutputOptions
}

async function build(input: InputOptions['input'], settings: Settings = {}): Promise<RollupOutput> {
  const bundle = await rollup({
    ...{ input: input!, external: /^node:/, onLog: () => {} },
    ...settings.input,
    plugins: [settings.input?.plugins, deco.rollup(settings.plugin)],
  })
  try {
    const output = { dir: 'out', chunkFileNames: '[name].js', ...settings.output }
    return output.dir === 'out' ? await bundle.generate(output) : await bundle.write(output)
  } finally {
    await bundle.close()
  }
}

function chunkOf(module: string, { output }: RollupOutput): OutputChunk {
  return output.find((file): file is OutputChunk => file.type === 'chunk' && file.moduleIds.includes(fixture(module)))!
}

// A module that is in no file.
function virtual(code: string): Settings {
  const id = '/virtual/entry.js'
  const plugins = [
    {
      name: 'virtual',
      resolveId: (each: string) => (each === id ? id : null),
      load: (each: string) => (each === id ? code : null),
    },
  ]
  return { input: { input: id, plugins } }
}

test('modules with decorated classes become files of their own, which their decorators know', async (t) => {
  const built = await build(fixture('main'))
  for (const module of ['sums', 'doubled', 'products', 'vector']) {
    const { moduleIds, fileName, code } = chunkOf(module, built)
    t.false(moduleIds.includes(fixture('main')))
    t.true(code.includes(`inModule(new URL('${fileName}', import.meta.url).href)`), code)
  }
})

test('a build runs where nothing is installed, and its entry only in the main thread', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'deco-ts-rollup-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  await build(fixture('main'), { output: { dir, entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' } })
  const evaluated = join(dir, 'evaluated')
  const ran = await runNode([join(dir, 'main.mjs')], { cwd: tmpdir(), env: { ...process.env, EVALUATED: evaluated } })
  t.is(ran.code, 0, ran.output)
  t.regex(ran.stdout, /"worker"\]\n$/)
  t.is((await runNode(['-p', `fs.readFileSync(${JSON.stringify(evaluated)}, 'utf8')`])).stdout.trim(), 'evaluated')
})

test('the runtime is what is needed and no more', async (t) => {
  const { output } = await build(fixture('main'))
  const files = output.filter(({ type }) => type === 'asset').map(({ fileName }) => fileName)
  for (const needed of ['deco-ts/package.json', 'deco-ts/dist/worker/thread.js', 'tinypool/dist/entry/worker.js'])
    t.true(files.includes(`node_modules/${needed}`), needed)
  t.deepEqual(
    files.filter((file) => /\.(map|d\.ts)$|\/(bullmq|testing|plugin|cli)/.test(file)),
    [],
  )
})

test('the runtime has every part of deco-ts that is imported', async (t) => {
  const { output } = await build(undefined, virtual("import { serial } from 'deco-ts/testing'\nconsole.log(serial)"))
  t.true(output.some(({ fileName }) => fileName === 'node_modules/deco-ts/dist/testing/index.js'))
})

test('standalone: false leaves the runtime to where it is installed', async (t) => {
  const { output } = await build(fixture('main'), { plugin: { standalone: false } })
  t.true(output.every(({ type }) => type === 'chunk'))
})

test('a program without decorated classes is left as it is', async (t) => {
  const { output } = await build(undefined, virtual('console.log(1)'))
  t.deepEqual(
    output.map(({ fileName }) => fileName),
    ['entry.js'],
  )
})

for (const external of [['deco-ts', /^node:/], (id: string) => id === 'deco-ts' || id.startsWith('node:')]) {
  test(`deco-ts may be external (${typeof external})`, async (t) => {
    const built = await build(fixture('main'), { input: { external } })
    t.true(chunkOf('sums', built).code.includes('inModule('))
  })
}

test('classes may lie in one file with others, and be entries as well', async (t) => {
  const manualChunks = (id: string) => (/(sums|doubled|products|vector)\.js$/.test(id) ? 'classes' : undefined)
  const grouped = await build(fixture('main'), { output: { manualChunks } })
  t.is(chunkOf('sums', grouped), chunkOf('products', grouped))
  const entries = await build([fixture('main'), fixture('sums')])
  t.true(chunkOf('sums', entries).isEntry)
})

const refused = test.macro(async (t, entry: string, settings: Settings, message: RegExp) => {
  const error = await t.throwsAsync(build(fixture(entry), settings))
  t.regex(error!.message, message)
})

test(
  'a class in the entry is refused',
  refused,
  'in-entry',
  {},
  /Cannot build \S*in-entry\.js: it has decorated classes and is an entry.*Way out: move the classes into a module of their own/s,
)
test(
  'a class that imports the entry is refused',
  refused,
  'circle',
  {},
  /Cannot build \S*in-circle\.js: .* imports the entry \S*circle\.js.*Way out: move what it needs of the entry/s,
)
test(
  'classes in one file with the entry are refused',
  refused,
  'main',
  { output: { manualChunks: () => 'all' } },
  /Cannot build \S+\.js: .* one file with the entry \S*main\.js.*Way out: leave the module out of what groups modules/s,
)
test(
  'a single file for everything is refused',
  refused,
  'main',
  { output: { inlineDynamicImports: true } },
  /Cannot build \S+\.js: .* file of its own.*inlineDynamicImports puts everything into one file.*Way out: turn it off/s,
)
test(
  'a format that has no files to import is refused',
  refused,
  'start',
  { output: { format: 'iife' } },
  /Cannot build \S+\.js: .*output\.format is 'iife'.*Way out: output\.format: 'es'/s,
)

test("a library's entry may have classes", async (t) => {
  const { output } = await build(fixture('in-entry'), { plugin: { library: true } })
  t.true(output[0].code.includes('inModule('))
})

test('an option that there is not is refused, and a value that it cannot have', (t) => {
  t.throws(() => deco.rollup({ inline: true } as PluginOptions), {
    instanceOf: TypeError,
    message: /the option inline of deco-ts\/plugin: there are standalone, library, compile\. Way out/,
  })
  t.throws(() => deco.rollup({ compile: 'tsc' } as unknown as PluginOptions), {
    instanceOf: TypeError,
    message: /"tsc" as the option compile of deco-ts\/plugin\. Way out: one of "auto", "esbuild"/,
  })
})
