// `deco doctor` as it is called.

import test from 'ava'
import { CATALOG } from '../../../src/cli/doctor/catalog.js'
import type { DoctorReport } from '../../../src/cli/doctor/report.js'
import { USUAL } from '../../fixtures/doctor/usual.js'
import { DoctorProject, type Files } from '../../helpers/doctor-project.js'
import { read, root } from '../../helpers/project.js'
import { runTool } from '../../helpers/run-program.js'

const CLI = `${root}dist/cli.js`
const PORTS = `import { createServer } from 'node:http'\ncreateServer().listen(0)\nconsole.log('listening')`

const doctor = (project: DoctorProject, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runTool(process.execPath, [CLI, 'doctor', ...args], project.folder, { NO_COLOR: '1', ...env })

async function reportOf(files: Files, args: readonly string[], env?: NodeJS.ProcessEnv) {
  using project = new DoctorProject({ ...USUAL, ...files })
  const { code, stdout } = await doctor(project, ['--json', ...args], env)
  return { code, report: JSON.parse(stdout) as DoctorReport, folder: project.folder }
}

test.serial('a healthy project: its methods with their options, what calls cost, and exit code 0', async (t) => {
  const { code, report, folder } = await reportOf({}, ['dist/scoring.js'])
  t.is(code, 0)
  const { version } = JSON.parse(read('package.json')) as { version: string }
  t.like(report, { version: 1, deco: version, node: process.versions.node, project: folder, healthy: true })
  t.deepEqual(report.findings, [])
  const [module, ...others] = report.modules
  t.deepEqual(others, [])
  t.like(module, { file: 'dist/scoring.js', loaded: true })
  t.true(module!.milliseconds! > 0)
  const usual = { class: 'Scoring', module: 'dist/scoring.js' }
  t.deepEqual(module!.methods, [
    { ...usual, method: 'score', mutates: false, onConflict: 'rerun', timeout: 500, retries: 2 },
    { ...usual, method: 'sort', mutates: 'auto', onConflict: 'error', timeout: null, retries: 0 },
  ])
  t.is(report.cost!.executor, 'threads')
  t.true(report.cost!.coldStart > 0 && report.cost!.call > 0)
})

test.serial('what calls cost is measured on the executor of the environment, or not at all', async (t) => {
  const { report } = await reportOf({}, [], { DECO_EXECUTOR: 'processes' })
  t.is(report.cost!.executor, 'processes')
  t.is((await reportOf({}, ['--no-measure'])).report.cost, null)
})

test.serial('a call that does not come back in time is a finding, and nothing waits for it', async (t) => {
  const { code, report } = await reportOf({}, ['--timeout', '1'])
  t.is(code, 1)
  t.is(report.cost, null)
  t.deepEqual(
    report.findings.map(({ id, file }) => [id, file]),
    [['executor-fails', null]],
  )
})

test.serial('faults are listed in the order of their weight, with exit code 1', async (t) => {
  const files = { 'dist/scoring.js': `${USUAL['dist/scoring.js']}\n${PORTS}`, '.nvmrc': '18' }
  const { code, report } = await reportOf(files, ['dist/scoring.js', '--no-measure'])
  t.is(code, 1)
  t.false(report.healthy)
  t.deepEqual(
    report.findings.map(({ id, weight }) => [id, weight]),
    [
      ['node-version', 'error'],
      ['import-server', 'warning'],
      ['import-prints', 'warning'],
    ],
  )
})

test.serial('what is not wanted is left out', async (t) => {
  const { code, report } = await reportOf({ '.nvmrc': '18' }, ['--ignore', 'node-version', '--no-measure'])
  t.is(code, 0)
  t.deepEqual(report.findings, [])
})

test.serial('for people it is text: modules, their methods, findings with their ways out, and how many', async (t) => {
  using project = new DoctorProject({ ...USUAL, '.nvmrc': '18' })
  const { code, stdout } = await doctor(project, ['dist/scoring.js'])
  t.is(code, 1)
  const parts = stdout.trimEnd().split('\n\n')
  t.regex(parts[0]!, /^deco doctor {2}deco-ts \d+\.\d+\.\d+, Node\.js \d+\.\d+\.\d+, \S+\n\//)
  t.regex(parts[1]!, /^dist\/scoring\.js {2}imported by a worker in [\d.]+ ms\n/)
  t.deepEqual(parts[1]!.split('\n').slice(1), [
    '  Scoring.score  changes nothing, onConflict rerun, timeout 500 ms, retries 2',
    '  Scoring.sort   changes: found out, onConflict error, no timeout, retries 0',
  ])
  t.regex(parts[2]!, /^threads {2}[\d.]+ ms from the start of a worker to its first result, [\d.]+ µs a call$/)
  t.is(
    parts[3],
    'error node-version  .nvmrc\n  .nvmrc asks for Node.js 18; deco-ts needs >=20.19.\n' +
      '  Way out: Node.js >=20.19: nvm install 22, for example.',
  )
  t.is(parts[4], '1 error. What they mean: docs/doctor.md of deco-ts.')
  t.is(parts.length, 5)
})

test.serial('--cwd names another folder, from which modules are seen as well', async (t) => {
  using project = new DoctorProject({ ...USUAL, 'package.json': null, 'app/package.json': USUAL['package.json']! })
  const { code, output } = await doctor(project, ['../dist/scoring.js', '--cwd', 'app', '--no-measure'])
  t.is(code, 0, output)
  t.regex(output, /\.\.\/dist\/scoring\.js {2}imported/)
})

test.serial('wrong usage is told of, with exit code 2', async (t) => {
  using project = new DoctorProject(USUAL)
  const { code, stdout, output } = await doctor(project, ['nowhere.js'])
  t.is(code, 2, output)
  t.is(stdout, '')
  t.regex(output, /^Cannot use nowhere\.js for deco doctor: it must be a file that is there, seen from \//m)
})

test.serial('deco --help names it, and deco doctor --help names its options', async (t) => {
  using project = new DoctorProject(USUAL)
  t.regex((await runTool(process.execPath, [CLI, '--help'])).stdout, /^ {2}doctor {2}check a project/m)
  const { code, stdout } = await doctor(project, ['--help'])
  t.is(code, 0)
  for (const option of ['--cwd', '--json', '--ignore', '--no-measure', '--timeout', '--slow'])
    t.regex(stdout, new RegExp(`^ {2}${option} `, 'm'))
})

test.serial('docs/doctor.md tells of every finding, of nothing else, and of their weights', (t) => {
  const rows = [...read('docs/doctor.md').matchAll(/^\| `([\w-]+)` +\| (error|warning) +\| (.+?) +\| (.+?) +\|$/gm)]
  t.deepEqual(
    rows.map(([, id, weight]) => [id, weight]),
    Object.entries(CATALOG).map(([id, weight]) => [id, weight]),
  )
})

test.serial('docs/doctor.md shows every field of the report, and no other', async (t) => {
  const [, block] = /```json\n([\s\S]*?)```/.exec(read('docs/doctor.md'))!
  const documented = JSON.parse(block!) as DoctorReport
  const files = { 'dist/scoring.js': `${USUAL['dist/scoring.js']}\nprocess.env.TZ = 'UTC'` }
  const { report } = await reportOf(files, ['dist/scoring.js'])
  t.deepEqual(shapeOf(documented), shapeOf(report))
})

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])]
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shapeOf(part)]))
}
