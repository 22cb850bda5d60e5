import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { concurrent, Job, RegistrationError, threads } from '../src/index.js'
import { DataOnly, Decorated, Marked, Unmarked } from './fixtures/modules/derived.js'
import { jobs } from './fixtures/modules/found.js'
import * as unimportable from './fixtures/modules/unimportable.js'
import { command, root } from './helpers/project.js'
import { runNode, runTool } from './helpers/run-program.js'

const programs = fileURLToPath(new URL('fixtures/programs/', import.meta.url))
const executor = threads({ workers: 2 })
test.after.always(() => executor.close())

// Classes in the entry script.

const WORKERS = 2

async function runEntry(
  file: string,
  main = '',
  executor = 'threads',
): Promise<{ code: number; stdout: string; output: string; evaluated: number }> {
  const env = { ...process.env, DECO_EXECUTOR: executor, DECO_WORKERS: String(WORKERS), MAIN: main }
  const ended = await runNode([join(programs, file)], { env })
  return { ...ended, evaluated: ended.stdout.match(/^evaluated$/gm)?.length ?? 0 }
}

const refusesEntry = test.macro({
  async exec(t, file: string, main?: string, executor?: string) {
    const { code, output, evaluated } = await runEntry(file, main, executor)
    t.true(code > 0, output)
    t.regex(output, /EntryModuleError: Cannot start Entry\.(all|allBlocking|square) here/)
    t.true(output.includes(file), 'the file is named')
    t.regex(output, /move the class into a module of its own/)
    t.regex(output, /isMainThread/)
    t.true(evaluated <= 1 + WORKERS, `evaluated ${evaluated} times`)
  },
  title: (_, file, main, executor = 'threads') =>
    `a class in the entry script is an EntryModuleError and no cascade: ${main ?? file} (${executor})`,
})

test(refusesEntry, 'entry.js', 'an async main() that handles its error')
test(refusesEntry, 'entry.js', 'an async main() that nobody awaits')
test(refusesEntry, 'entry.js', 'a main that blocks')
test(refusesEntry, 'entry.js', 'calls that nobody waits for')
test(refusesEntry, 'entry-top-level-await.js')
test(refusesEntry, 'entry.js', 'an async main() that handles its error', 'processes')
test(refusesEntry, 'entry.js', 'a main that blocks', 'processes')

for (const executor of ['threads', 'processes']) {
  test(`a class in the entry script works behind an isMainThread guard (${executor})`, async (t) => {
    const { code, output, evaluated } = await runEntry('entry.js', 'a main behind isMainThread', executor)
    t.is(code, 0, output)
    t.regex(output, /^sum 2470$/m)
    t.true(evaluated <= 1 + WORKERS)
  })
}

// Modules that a worker cannot import.

const cannotImport = test.macro(
  async (
    t,
    JobClass: new (options: object) => Job & { run(): number },
    file: RegExp,
    cause: Function,
    message: RegExp,
  ) => {
    const job = new JobClass({ executor })
    void job.run()
    const error = await t.throwsAsync(job.wait(), { instanceOf: RegistrationError })
    t.regex(error!.message, /^Cannot import .* in a worker: /)
    t.regex(error!.message, file)
    t.true(error!.cause instanceof cause, String(error!.cause))
    t.regex((error!.cause as Error).message, message)
  },
)

test(
  'a module that throws: the error is the cause',
  cannotImport,
  unimportable.Throwing,
  /throws\.js/,
  RangeError,
  /^not in a worker$/,
)
test(
  'a module with a syntax error',
  cannotImport,
  unimportable.Unparsable,
  /data:text/,
  SyntaxError,
  /Unexpected token/,
)
test(
  'a module whose dependency is missing',
  cannotImport,
  unimportable.Dependent,
  /missing-dep/,
  Error,
  /no-such-package-anywhere/,
)
test(
  'a module that is not there',
  cannotImport,
  unimportable.Missing,
  /nowhere\.js/,
  Error,
  /Cannot find module .*nowhere\.js/,
)

test('TypeScript that nothing compiles in a worker: the error says what does', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'deco-ts-modules-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const module = join(folder, 'uncompiled.ts')
  writeFileSync(module, "import { concurrent, Job } from 'deco-ts'\nclass A extends Job { @concurrent a(): void {} }")
  class Uncompiled extends Job {
    @concurrent({ module })
    a(): void {}
  }
  const job = new Uncompiled({ executor })
  job.a()
  await t.throwsAsync(job.wait(), {
    instanceOf: RegistrationError,
    message:
      /Cannot import .*uncompiled\.ts in a worker: .*does not compile decorators.* Way out: .*tsx.*bundle.*inline\(\)/s,
  })
})

test('an import that failed fails later calls too, and other classes still work', async (t) => {
  const job = new unimportable.Throwing({ executor })
  for (let i = 0; i < 2; i++) {
    void job.run()
    await t.throwsAsync(job.wait(), { instanceOf: RegistrationError })
  }
  const other = new jobs.First({ executor })
  t.is(await other.run(1), 'first 1')
})

test('a plain synchronized wait gets the same error as an async one', (t) => {
  const job = new unimportable.Throwing({ executor })
  void job.run()
  const error = t.throws(() => job.waitSync(), { instanceOf: RegistrationError })
  t.true(error?.cause instanceof RangeError)
})

// Classes that a worker finds, or does not.

test('classes need not be exported, and two of one module may have methods of one name', async (t) => {
  t.is(await new jobs.First({ executor }).run(1), 'first 1')
  t.is(await new jobs.Second({ executor }).run(2), 'second 2')
})

const notFound = test.macro(async (t, make: () => Job & { run(n: number): number }, message: RegExp) => {
  const job = make()
  void job.run(1)
  const error = await t.throwsAsync(job.wait(), { instanceOf: RegistrationError })
  t.regex(error!.message, message)
  t.regex(error!.message, /Define the (class at the top level|decorated classes .* in the same order)/)
})

test(
  'a class inside a function',
  notFound,
  unimportable.makeInside,
  /^Cannot (find|run) Inside\.run in a worker: .*unimportable\.js/,
)
test(
  'a module option that names a module with other classes',
  notFound,
  () => new unimportable.Elsewhere({ executor }) as never,
  /^Cannot (find|run) Elsewhere\.run in a worker: .*found\.js/,
)

test('a subclass in another module overrides what an inherited concurrent method calls', async (t) => {
  const job = new Decorated({ executor })
  t.is(await job.scale(2), 21)
  t.is(await job.own(2), -2)
  t.is(await new Marked({ executor }).scale(2), 1002)
  t.is(await new DataOnly({ executor }).scale(2), 10)
})

test('a subclass that overrides a method and is not decorated itself is refused, with the way out', (t) => {
  const error = t.throws(() => new Unmarked({ executor }).scale(2), { instanceOf: RegistrationError })
  t.regex(error!.message, /Unmarked: it overrides by, .*@serializable/)
})

test('an instance comes back with its class, and one whose class the program does not know is an error of its call', async (t) => {
  const job = new jobs.Returning({ executor })
  t.is((await job.known(3)).n, 3)
  const error = await t.throwsAsync(async () => await job.unknown(), { instanceOf: RegistrationError })
  t.regex(error!.message, /^Cannot find class Later in this thread: .*found-later\.js/)
  t.is((await new jobs.Returning({ executor }).known(4)).n, 4)
})

// Compilers and loaders: one program, the same output.

const EXPECTED = 'results 0,1,4,9,16'

const withProject = async (
  t: ExecutionContext,
  files: Record<string, string>,
  use: (folder: string) => Promise<void>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'modules-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/deco-ts'))
  symlinkSync(join(root, 'node_modules/tsx'), join(folder, 'node_modules/tsx'))
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  await use(folder)
}

const JOB = (options: string, exported = 'export ') => `
import { concurrent, Job, synchronized, TrackedMap } from 'deco-ts'

${exported}class Squares extends Job {
  readonly results = new TrackedMap<number, number>()

  @concurrent${options}
  square(n: number): number {
    return n * n
  }

  @synchronized
  all(count: number): number[] {
    for (let i = 0; i < count; i++) this.results.set(i, this.square(i))
    return [...this.results.values()]
  }
}
`
const MAIN = `
import { Squares } from './squares.js'
console.log('results', String(new Squares().all(5)))
`
const REQUIRING = `
import deco = require('deco-ts')
async function main(): Promise<void> {
  const { Squares } = await import('./squares.mjs')
  const squares = new Squares({ executor: deco.threads({ workers: 1 }) })
  if (!(squares instanceof deco.Job)) throw new Error('require() gives another copy of the package than import')
  console.log('results', String(squares.all(5)))
}
void main()
`
const ESM = JSON.stringify({ type: 'module' })
const CJS = JSON.stringify({ type: 'commonjs' })
const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023', 'esnext.decorators', 'esnext.disposable', 'esnext.collection'],
    module: 'nodenext',
    skipLibCheck: true,
    strict: true,
    types: ['node'],
    outDir: 'out',
    rootDir: '.',
  },
  include: ['*.ts'],
})

const runs = test.macro(
  async (t, files: Record<string, string>, command: (folder: string) => readonly string[], compile = false) => {
    await withProject(t, { 'tsconfig.json': TSCONFIG, 'main.ts': MAIN, ...files }, async (folder) => {
      if (compile) {
        const { code, output } = await runTool(process.execPath, [tsc, '-p', folder], folder)
        t.is(code, 0, output)
      }
      const { code, output } = await runTool(process.execPath, command(folder), folder)
      t.is(code, 0, output)
      t.true(output.includes(EXPECTED), output)
    })
  },
)

const tsc = command('typescript', 'tsc')
const tsx = command('tsx')
const squares = JOB('')
const located = JOB('({ module: import.meta.url })')

test('compiled by tsc', runs, { 'package.json': ESM, 'squares.ts': squares }, () => ['out/main.js'], true)
test(
  'compiled by tsc, with source maps on',
  runs,
  { 'package.json': ESM, 'squares.ts': squares },
  () => ['--enable-source-maps', 'out/main.js'],
  true,
)
test(
  'compiled by tsc, with module: import.meta.url',
  runs,
  { 'package.json': ESM, 'squares.ts': located },
  () => ['out/main.js'],
  true,
)
test('compiled by tsc to CommonJS', runs, { 'package.json': CJS, 'squares.ts': squares }, () => ['out/main.js'], true)
test('run by node --import tsx', runs, { 'package.json': ESM, 'squares.ts': squares }, () => [
  '--import',
  'tsx',
  'main.ts',
])
test('run by tsx', runs, { 'package.json': ESM, 'squares.ts': squares }, () => [tsx, 'main.ts'])
test('run by tsx, with module: import.meta.url', runs, { 'package.json': ESM, 'squares.ts': located }, () => [
  tsx,
  'main.ts',
])
test('run by tsx as CommonJS', runs, { 'package.json': CJS, 'squares.ts': squares }, () => [tsx, 'main.ts'])
test('run by node --import tsx as CommonJS', runs, { 'package.json': CJS, 'squares.ts': squares }, () => [
  ...['--import', 'tsx'],
  'main.ts',
])
// What it prints under both executors.
const BOTH = `
import { processes, threads } from 'deco-ts'
import { Squares } from './squares.js'
for (const make of [threads, processes]) {
  const squares = new Squares({ executor: make({ workers: 1 }) })
  console.log(make === threads ? '' : 'results', String(squares.all(5)))
}
`
test(
  'run by tsx as CommonJS, in processes',
  runs,
  { 'package.json': CJS, 'squares.ts': squares, 'main.ts': BOTH },
  () => [tsx, 'main.ts'],
)
test(
  'compiled by tsc to CommonJS, in processes',
  runs,
  { 'package.json': CJS, 'squares.ts': squares, 'main.ts': BOTH },
  () => ['out/main.js'],
  true,
)
test(
  'a CommonJS program may require the package and import classes',
  runs,
  { 'package.json': CJS, 'squares.mts': squares, 'main.ts': REQUIRING },
  () => ['out/main.js'],
  true,
)

// TypeScript that something else than a loader compiles for the program, as Vitest and Jest do; workers import it all the same.

const FROM_TYPESCRIPT = JOB('({ module: process.env.SQUARES! })')
const NAMING = `
process.env.SQUARES = new URL('../squares.ts', import.meta.url).href
const { Squares } = await import('./squares.js')
console.log('results', String(new Squares().all(5)))
`

test(
  'a worker has tsx compile a module of TypeScript, where that is installed',
  runs,
  { 'package.json': ESM, 'squares.ts': FROM_TYPESCRIPT, 'main.ts': NAMING },
  () => ['out/main.js'],
  true,
)

test('without tsx, the error names the ways out', async (t) => {
  const files = { 'package.json': ESM, 'tsconfig.json': TSCONFIG, 'squares.ts': FROM_TYPESCRIPT, 'main.ts': NAMING }
  await withProject(t, files, async (folder) => {
    rmSync(join(folder, 'node_modules/tsx'))
    const compiled = await runTool(process.execPath, [tsc, '-p', folder], folder)
    t.is(compiled.code, 0, compiled.output)
    const { code, output } = await runTool(process.execPath, ['out/main.js'], folder)
    t.true(code > 0)
    t.regex(output, /RegistrationError: Cannot import .*squares\.ts in a worker: /)
    t.regex(output, /does not compile decorators.* Way out: npm install --save-dev tsx, .*execArgv.*inline\(\)/)
  })
})
