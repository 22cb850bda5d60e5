// The package as users get it.

import test, { type ExecutionContext } from 'ava'
import { codeBlocks } from './helpers/code-blocks.js'
import { InstalledPackage } from './helpers/installed-package.js'
import { command, read } from './helpers/project.js'
import { runTool } from './helpers/run-program.js'

const node = process.execPath
const blocks = codeBlocks(read('README.md'))
const first = blocks[0]!
const config = blocks.find(({ language }) => language === 'json')!

let installed: InstalledPackage
test.before(async () => {
  installed = await InstalledPackage.create()
  installed.write(first.file!, first.code)
  installed.write('tsconfig.json', config.code)
})
test.after.always(() => installed?.remove())

async function runsAsPrinted(t: ExecutionContext, args: readonly string[]): Promise<void> {
  for (const DECO_EXECUTOR of ['threads', 'processes']) {
    const ran = await installed.run(node, args, { DECO_EXECUTOR })
    t.is(ran.code, 0, ran.output)
    t.is(ran.stdout, PRINTED)
  }
}

test('the first code block of the README runs as printed, compiled by tsc with the options of the README', async (t) => {
  const compiled = await installed.run(node, [command('typescript', 'tsc')])
  t.is(compiled.code, 0, compiled.output)
  await runsAsPrinted(t, [first.file!.replace(/ts$/, 'js')])
})

test('the first code block of the README runs as printed under tsx', async (t) => {
  await runsAsPrinted(t, [command('tsx'), first.file!])
})

test('a module that a worker cannot import under tsx is named, with the error of the importer as cause', async (t) => {
  installed.write(
    'lost.ts',
    `import { concurrent, Job } from 'deco-ts'
    class Lost extends Job {
      @concurrent({ module: new URL('./nowhere.ts', import.meta.url) })
      find(): void {}
    }
    const job = new Lost()
    job.find()
    await job.wait().catch((error) => console.log(error.name, error.message.includes('nowhere.ts'), error.cause.code))`,
  )
  const ran = await installed.run(node, [command('tsx'), 'lost.ts'])
  t.is(ran.code, 0, ran.output)
  t.is(ran.stdout, 'RegistrationError true ERR_MODULE_NOT_FOUND\n')
})

test('deco-ts/testing and deco-ts are one package: a class is the same to both', async (t) => {
  installed.write(
    'testing.ts',
    `import { concurrent, inline, Job } from 'deco-ts'
    import * as testing from 'deco-ts/testing'
    class Adder extends Job {
      @concurrent add(a: number, b: number): number { return a + b }
    }
    using _ = testing.mockConcurrent(Adder, 'add', () => 7)
    console.log(inline === testing.inline, await new Adder({ executor: testing.serial() }).add(1, 2))
    console.log(Object.keys(testing).join())`,
  )
  const ran = await installed.run(node, [command('tsx'), 'testing.ts'])
  t.is(ran.code, 0, ran.output)
  const names =
    'assertNoRaces,assertSerialEquivalent,detectRaces,exhaustive,faulty,inline,mockConcurrent,recording,serial,shuffled'
  t.is(ran.stdout, `true 7\n${names}\n`)
})

test('deco-ts/bullmq can be imported without the packages that it needs, and then says which are missing', async (t) => {
  installed.write(
    'queue.mjs',
    `import * as queue from 'deco-ts/bullmq'
    console.log(Object.keys(queue).join())
    const options = { connection: {}, queue: 'q' }
    for (const make of [() => queue.bullmq(options), () => queue.serve({ ...options, root: '.' })])
      await Promise.resolve().then(make).catch((error) => console.log(error.name, error.message))`,
  )
  const ran = await installed.run(node, ['queue.mjs'])
  t.is(ran.code, 0, ran.output)
  const missing = 'bullmq, ioredis, msgpackr not installed. Way out: npm install bullmq ioredis msgpackr'
  t.is(
    ran.stdout,
    `bullmq,serve\nDecoError Cannot use bullmq(): ${missing}\nDecoError Cannot use serve(): ${missing}\n`,
  )
})

test('deco-ts/progress needs log-update for terminals alone, and then says so', async (t) => {
  installed.write(
    'bar.ts',
    `import { concurrent, inline, Job } from 'deco-ts'
    import { progressBar } from 'deco-ts/progress'
    class Adder extends Job {
      @concurrent add(a: number, b: number): number { return a + b }
    }
    const job = new Adder({ executor: inline() })
    progressBar(job, { stream: { write: (line) => console.log(line.slice(0, 13)) }, ci: true })
    void job.add(1, 2)
    await job.wait()
    try {
      progressBar(job, { stream: { isTTY: true, write() {} }, ci: true })
    } catch (error) {
      console.log(String(error))
    }`,
  )
  const ran = await installed.run(node, [command('tsx'), 'bar.ts'])
  t.is(ran.code, 0, ran.output)
  const missing = 'Cannot show a progress bar: log-update is not installed. Way out: npm install log-update'
  t.is(ran.stdout, `Adder: 1 call\nDecoError: ${missing}\n`)
})

test('deco-ts/eslint can be imported without ESLint, and loads nothing of deco-ts', async (t) => {
  installed.write(
    'eslint.mjs',
    `import { existsSync } from 'node:fs'
    import deco from 'deco-ts/eslint'
    const { files, languageOptions, rules } = deco.configs.recommended
    console.log(Object.keys(deco.rules).length, Object.keys(rules).length, files, languageOptions, Symbol.metadata)
    for (const { meta } of Object.values(deco.rules)) console.log(existsSync(new URL(meta.docs.url)))`,
  )
  const ran = await installed.run(node, ['eslint.mjs'])
  t.is(ran.code, 0, ran.output)
  t.is(ran.stdout, `5 5 undefined undefined undefined\n${'true\n'.repeat(5)}`)
})

test('deco-ts/plugin can be imported without unplugin, and then says that it is missing', async (t) => {
  installed.write(
    'plugin.mjs',
    `import { deco } from 'deco-ts/plugin'
    for (const make of Object.values(deco))
      try { make() } catch (error) { console.log(error.name, error.message) }`,
  )
  const ran = await installed.run(node, ['plugin.mjs'])
  t.is(ran.code, 0, ran.output)
  const said = (bundler: string) =>
    `DecoError Cannot use deco.${bundler}(): unplugin is not installed. Way out: npm install --save-dev unplugin\n`
  t.is(ran.stdout, ['rollup', 'vite', 'rolldown', 'esbuild', 'webpack'].map(said).join(''))
})

test('the declarations of the package are sound by themselves', async (t) => {
  const compiled = await installed.run(node, [command('typescript', 'tsc'), '--noEmit', '--skipLibCheck', 'false'])
  t.is(compiled.code, 0, compiled.output)
})

test('publint finds nothing to say', async (t) => {
  const { code, output } = await runTool(node, [command('publint'), installed.tarball, '--strict'])
  t.is(code, 0, output)
  t.regex(output, /All good!/)
})

test('attw finds nothing to say', async (t) => {
  const { code, output } = await runTool(node, [
    command('@arethetypeswrong/cli', 'attw'),
    installed.tarball,
    '--profile',
    'esm-only',
  ])
  t.is(code, 0, output)
})

test('the package depends on tinypool and reflect-metadata alone', (t) => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: object }
  t.deepEqual(Object.keys(dependencies).sort(), ['reflect-metadata', 'tinypool'])
})

const PRINTED = `TrackedMap(12) {
  '-60,-90' => 2190,
  '-60,0' => 3182,
  '-60,90' => 2190,
  '-60,180' => 213,
  '0,-90' => 2189,
  '0,0' => 3888,
  '0,90' => 2192,
  '0,180' => 492,
  '60,-90' => 2190,
  '60,0' => 4167,
  '60,90' => 2190,
  '60,180' => 1198
}
`
