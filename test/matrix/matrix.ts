// Every compiler with every bundler: each build runs from another folder, with the sources gone, gives the same output, and its
// workers never evaluate the entry. `UPDATE_DOCS=1` writes what came out into results.json and docs/toolchains.md.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'ava'
import { InstalledPackage } from '../helpers/installed-package.js'
import { read, root } from '../helpers/project.js'
import { runNode, runTool } from '../helpers/run-program.js'
import {
  BUILDS,
  BUNDLERS,
  type Build,
  COMPILERS,
  cellOf,
  FAULTS,
  NONE,
  type Results,
  writeToolchains,
} from '../helpers/toolchains.js'

const EXPECTED = JSON.stringify([
  [0, 1, 2, 3].map((n) => [n, 2 * n]),
  ['6.708', '15.000'],
  [true, 12, 18],
  [0, 1, 2].map((n) => [n, 20 * n]),
  [10, 20, 30],
  'worker',
])

const INLINE = { DECO_EXECUTOR: 'inline' }

const tools = `${root}test/matrix/`
const installedTools = `${tools}node_modules/`
// What compiled code needs at run time, and what the plugin uses.
const AT_RUN_TIME = ['tslib', '@swc/helpers', '@babel/runtime']
const FOR_THE_PLUGIN = [
  ...['unplugin', 'esbuild', 'typescript', '@swc/core'],
  ...['@babel/core', '@babel/plugin-proposal-decorators', '@babel/preset-typescript'],
]

const FAULTY: readonly Build[] = Object.entries(FAULTS).flatMap(([setting, { bundlers }]) =>
  bundlers.map((bundler) => ({ bundler, by: 'TypeScript 7', setting, isMinified: false })),
)

const SERVERS = { 'Vite 7': 'vite-7', 'Vite 8': 'vite-8' }
const served: Record<string, string> = {}

const builds = mkdtempSync(join(tmpdir(), 'deco-ts-matrix-'))
const errors: Record<string, string> = {}
const results: Results = { node: process.versions.node.replace(/\..*/, ''), versions: {}, cells: {} }

test.before('everything is compiled and built', async () => {
  const installed = await InstalledPackage.create()
  try {
    const modules = join(installed.folder, 'node_modules')
    for (const name of [...AT_RUN_TIME, ...FOR_THE_PLUGIN]) {
      rmSync(join(modules, name), { force: true })
      mkdirSync(dirname(join(modules, name)), { recursive: true })
      symlinkSync(join(installedTools, name), join(modules, name))
    }
    cpSync(`${root}test/fixtures/toolchains`, join(installed.folder, 'src'), { recursive: true })
    const compiled = await run<Record<string, { version?: string; error?: string }>>('compile.mjs', installed.folder)
    for (const [name, { version, error }] of Object.entries(compiled)) {
      if (version !== undefined) results.versions[name.replace(/ with .*/, '')] = version
      if (error !== undefined) errors[name] = error
    }
    keep(installed.folder)
    const waiting = [...BUNDLERS]
    const buildNext = async () => {
      for (let bundler = waiting.shift(); bundler !== undefined; bundler = waiting.shift()) {
        const jobs = [...BUILDS, ...FAULTY]
          .filter((build) => build.bundler === bundler && errors[build.by] === undefined)
          .map((build) => ({ ...build, into: cellOf(build).replaceAll('/', ' ') }))
        const built = await run<Results & { version: string; errors: Record<string, string> }>(
          ...(['build.mjs', installed.folder, builds, JSON.stringify(jobs)] as const),
        )
        results.versions[bundler] = built.version
        for (const job of jobs) if (built.errors[job.into]) errors[cellOf(job)] = built.errors[job.into]!
      }
    }
    await Promise.all([buildNext(), buildNext()])
    for (const [bundler, name] of Object.entries(SERVERS))
      served[bundler] = (
        await runTool(process.execPath, [`${tools}serve.mjs`, name, installed.folder], tools, INLINE)
      ).output
    results.versions.tsx = (
      JSON.parse(read('test/matrix/node_modules/tsx/package.json')) as { version: string }
    ).version
  } finally {
    // From here on there is nothing but the builds.
    installed.remove()
  }
})

test.after.always(() => rmSync(builds, { recursive: true, force: true }))

// What runs as compiled takes along what it needs.
function keep(project: string): void {
  const plain = join(builds, NONE)
  for (const name of ['deco-ts', 'tinypool', ...AT_RUN_TIME])
    cpSync(join(project, 'node_modules', name), join(plain, 'node_modules', name), {
      recursive: true,
      dereference: true,
    })
  for (const name of COMPILERS)
    if (errors[name] === undefined) cpSync(join(project, name), join(plain, name), { recursive: true })
  // Before Node.js 22 workers look for it there.
  symlinkSync(join(installedTools, 'tsx'), join(plain, 'node_modules/tsx'))
  cpSync(join(project, 'src'), join(plain, 'tsx'), { recursive: true })
  writeFileSync(join(plain, 'tsx/package.json'), '{ "type": "module" }')
}

async function run<T>(script: string, ...args: readonly string[]): Promise<T> {
  const { code, output, stdout } = await runTool(process.execPath, [join(tools, script), ...args], tools)
  if (code !== 0) throw new Error(output)
  return JSON.parse(stdout) as T
}

// Some at once.
const waiting: (() => void)[] = []
let free = 3
async function oneOfSome<T>(run: () => Promise<T>): Promise<T> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
  else free--
  try {
    return await run()
  } finally {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }
}

const works = test.macro({
  async exec(t, cell: string, by: string, folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const isCounted = env.DECO_EXECUTOR === undefined
    if (isCounted) results.cells[cell] = 'fails'
    t.is(errors[by] ?? errors[cell], undefined)
    const evaluated = join(builds, `${t.title}.evaluated`.replaceAll('/', ' '))
    const { code, stdout, output } = await oneOfSome(() =>
      runNode([...args, join(folder, entryIn(folder))], {
        cwd: tmpdir(),
        env: { ...process.env, NODE_V8_COVERAGE: undefined, DECO_WORKERS: '2', EVALUATED: evaluated, ...env },
      }),
    )
    t.is(code, 0, output)
    t.is(stdout, `${EXPECTED}\n`, output)
    t.is(readFileSync(evaluated, 'utf8'), 'evaluated\n', 'workers never evaluate the entry')
    if (isCounted) results.cells[cell] = 'works'
  },
  title: (_, cell, __, ___, ____, env?: NodeJS.ProcessEnv) =>
    `${cell}${env?.DECO_EXECUTOR === undefined ? '' : ` (${env.DECO_EXECUTOR})`}`,
})

function entryIn(folder: string): string {
  return ['main.js', 'start.js', 'main.ts'].find((name) => existsSync(join(folder, name))) ?? 'main.js'
}

for (const by of COMPILERS) test(works, `${NONE}, ${by}`, by, join(builds, NONE, by), [])
const TSX = ['--import', join(installedTools, 'tsx/dist/esm/index.mjs')]
test(works, `${NONE}, tsx`, 'tsx', join(builds, NONE, 'tsx'), TSX)

for (const build of BUILDS) {
  const cell = cellOf(build)
  const folder = join(builds, cell.replaceAll('/', ' '))
  test(works, cell, build.by, folder, [])
  if (build.by === 'TypeScript 7' && build.setting === undefined && build.isMinified)
    test(works, cell, build.by, folder, [], { DECO_EXECUTOR: 'processes' })
}

for (const bundler of Object.keys(SERVERS))
  test(`${bundler} serves the sources, compiled by the plugin, to inline()`, (t) => {
    t.is(served[bundler], `${EXPECTED.replace('worker', 'program')}\n`)
  })

for (const build of FAULTY)
  test(`${build.setting} is refused by ${build.bundler}`, (t) => {
    t.regex(errors[cellOf(build)] ?? 'it was built', FAULTS[build.setting!]!.says)
  })

test.after('what came out is what the docs say: UPDATE_DOCS=1 writes it', (t) => {
  const cells = Object.fromEntries(Object.entries(results.cells).sort())
  const versions = Object.fromEntries(Object.entries(results.versions).sort())
  const now = { ...results, versions, cells }
  if (process.env.UPDATE_DOCS === '1') {
    writeFileSync(`${root}test/matrix/results.json`, `${JSON.stringify(now, null, 2)}\n`)
    writeToolchains()
  }
  const { node: _, ...then } = JSON.parse(read('test/matrix/results.json')) as Results
  t.deepEqual({ versions, cells }, then)
})
