// `deco trace` as it is used: real programs.

import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { Folder } from '../helpers/folder.js'
import { root } from '../helpers/project.js'
import { type Outcome, runNode } from '../helpers/run-program.js'
import { faultsOf, readTraceEvents } from '../helpers/trace-events.js'

const CLI = `${root}build/src/cli.js`
const PROGRAM = `${root}build/test/fixtures/programs/traced.js`

function trace(folder: Folder, ...args: string[]): Promise<Outcome> {
  const { DECO_TRACE: _, ...env } = process.env
  return runNode([CLI, 'trace', ...args], { cwd: folder.path, env })
}

test('it runs a program, says what the run was worth, and writes a page; its exit code is that of the program', async (t) => {
  using folder = new Folder()
  const { code, stdout, output } = await trace(folder, PROGRAM, '--', '2000')
  t.is(code, 7, output)
  t.regex(stdout, /2,000 calls/)
  t.regex(stdout, /Wrote traced\.timeline\.html\n$/)
  t.deepEqual(readdirSync(folder.path), ['traced.timeline.html'])
  t.regex(readFileSync(folder.file('traced.timeline.html'), 'utf8'), /^<!doctype html>/i)
})

test('by its name the file is a page, a Chrome trace or a recording, which can be made into the others', async (t) => {
  using folder = new Folder()
  t.is((await trace(folder, PROGRAM, '-o', 'run.trace', '--', '50')).code, 7)
  for (const out of ['again.html', 'again.json', 'again.trace'])
    t.is((await trace(folder, 'run.trace', '--out', out)).code, 0)
  t.is(readFileSync(folder.file('again.trace'), 'utf8'), readFileSync(folder.file('run.trace'), 'utf8'))
  const events = readTraceEvents(folder.file('again.json'))
  t.deepEqual(faultsOf(events), [])
  t.is(events.otherData.committed, 50)
})

test('TypeScript runs by way of tsx where that is installed, and is told to where it is not', async (t) => {
  using folder = new Folder()
  const program = folder.file('sum.ts')
  writeFileSync(program, "import { sum } from './sums.ts'\nconsole.log('sum:', await sum())\n")
  writeFileSync(
    folder.file('sums.ts'),
    `import { concurrent, Job } from 'deco-ts'
    class Sums extends Job {
      @concurrent add(a: number, b: number): number { return a + b }
    }
    export const sum = async () => await new Sums().add(1, 2)`,
  )
  writeFileSync(folder.file('package.json'), '{"type":"module"}')
  const refused = await trace(folder, program)
  t.is(refused.code, 2)
  t.regex(refused.output, /it is TypeScript, and tsx is not installed.*Way out: npm install/)
  mkdirSync(folder.file('node_modules'))
  symlinkSync(root, folder.file('node_modules/deco-ts'), 'dir')
  symlinkSync(join(root, 'node_modules/tsx'), folder.file('node_modules/tsx'), 'dir')
  const { code, stdout, output } = await trace(folder, program)
  t.is(code, 0, output)
  t.regex(stdout, /^sum: 3\n/)
  t.regex(stdout, /Wrote sum\.timeline\.html/)
})

test('a program without a job is told of', async (t) => {
  using folder = new Folder()
  const program = folder.file('nothing.mjs')
  writeFileSync(program, 'console.log(process.argv.slice(2).join())')
  const { code, stdout, output } = await trace(folder, program, '--', '--help', '-o')
  t.is(code, 1)
  t.is(stdout, '--help,-o\n')
  t.regex(output, /nothing\.mjs has recorded nothing: no job/)
})

for (const [what, args, says] of [
  ['no program', [], /Cannot trace without a program.*deco trace --help/],
  ['two programs', ['a.js', 'b.js'], /more than one program: a\.js b\.js\. Its arguments come after --/],
  ['a program that is not there', ['nowhere.js'], /Cannot trace nowhere\.js: ENOENT/],
  ['a name that means nothing', [PROGRAM, '-o', 'run.png'], /run\.png: its name must end in \.html, \.json or \.trace/],
  ['an unknown option', [PROGRAM, '--fast'], /Unknown option '--fast'.*deco trace --help/],
] as const)
  test(`it refuses ${what}`, async (t) => {
    using folder = new Folder()
    const { code, output } = await trace(folder, ...args)
    t.is(code, 2)
    t.regex(output, says)
    t.deepEqual(readdirSync(folder.path), [])
  })
