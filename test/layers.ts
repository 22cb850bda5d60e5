import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'

// The floors of the house, the lowest first: a file imports files of its own floor or of lower ones. A folder stands for
// all files in it that are not named by themselves.
const FLOORS = [
  [
    'protocol.ts',
    'clock.ts',
    'channels.ts',
    'report-clock.ts',
    'recorders.ts',
    'call-table.ts',
    'copies.ts',
    'errors.ts',
    'queue.ts',
    'starts.ts',
    'file-starts.ts',
    'child-state.ts',
    'target.ts',
    'untold.ts',
  ],
  ['rate.ts', 'call-site.ts', 'metadata.ts', 'future.ts', 'in-short.ts', 'traced-call.ts', 'words.ts', 'trace'],
  ['values'],
  ['worker', 'targets'],
  [
    'call.ts',
    'caller-keys.ts',
    'claims.ts',
    'conflicts.ts',
    'profile.ts',
    'profiles.ts',
    'job-method.ts',
    'origin.ts',
    'routes.ts',
    'returns.ts',
    'write-log.ts',
    'executors',
  ],
  ['phase.ts', 'probation.ts', 'progress-teller.ts', 'waiters.ts', 'admission.ts', 'write-back.ts'],
  ['job-trace.ts'],
  ['scheduler.ts'],
  ['schedulers.ts'],
  ['specimen.ts'],
  ['job.ts'],
  ['decorators'],
  ['index.ts', 'testing', 'bullmq', 'eslint', 'progress'],
  ['plugin'],
  ['cli', 'cli.ts'],
]

const SRC = join(dirname(fileURLToPath(import.meta.url)), '../../src')

const imports = new Map(
  readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file, importsOf(file)]),
)

function importsOf(file: string): string[] {
  const code = readFileSync(join(SRC, file), 'utf8')
  // Static imports and re-exports, types included, and `import(…)` of a literal; a comment cannot begin a line with these words.
  const found = code.matchAll(
    /^(?:import|export)\b[^'"`;]*?\bfrom '(\.[^']+)'|^import '(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm,
  )
  return [...found].map(([, from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic!
    return normalize(join(dirname(file), specifier.replace(/\.js$/, '.ts')))
  })
}

function floorOf(file: string): number {
  const byName = FLOORS.findIndex((floor) => floor.includes(file))
  return byName !== -1 ? byName : FLOORS.findIndex((floor) => floor.some((entry) => file.startsWith(`${entry}/`)))
}

function reachableFrom(file: string, seen = new Set<string>()): Set<string> {
  for (const imported of imports.get(file) ?? []) {
    if (seen.has(imported)) continue
    seen.add(imported)
    reachableFrom(imported, seen)
  }
  return seen
}

test('every file stands on a floor', (t) => {
  t.true(imports.size > 40)
  t.deepEqual(
    [...imports.keys()].filter((file) => floorOf(file) === -1),
    [],
  )
})

test('every import is of a file that is there', (t) => {
  const missing = [...imports].flatMap(([file, list]) =>
    list.filter((imported) => !imports.has(imported)).map((imported) => `${file} → ${imported}`),
  )
  t.deepEqual(missing, [])
})

test('a file imports its own floor or lower ones', (t) => {
  const upward = [...imports].flatMap(([file, list]) =>
    list.filter((imported) => floorOf(imported) > floorOf(file)).map((imported) => `${file} → ${imported}`),
  )
  t.deepEqual(upward, [])
})

test('no file imports itself by way of others, types included', (t) => {
  t.deepEqual(
    [...imports.keys()].filter((file) => reachableFrom(file).has(file)),
    [],
  )
})

test('the protocol and the errors import nothing', (t) => {
  for (const file of ['protocol.ts', 'errors.ts'])
    t.notRegex(readFileSync(join(SRC, file), 'utf8'), /^import\b|\bfrom '/m)
})

test('the scheduler reaches no executor', (t) => {
  t.deepEqual(
    [...reachableFrom('scheduler.ts')].filter((file) => file.startsWith('executors/')),
    [],
  )
})

test('the worker reaches neither scheduler nor job nor executors', (t) => {
  const above = /^(scheduler|job|call|claims|conflicts)\.ts$|^(executors|decorators|targets)\//
  for (const entry of ['worker/thread.ts', 'worker/process.ts', 'worker/bridge.ts', 'worker/run.ts'])
    t.deepEqual(
      [...reachableFrom(entry)].filter((file) => above.test(file)),
      [],
    )
})

test('the index has no logic', (t) => {
  const code = readFileSync(join(SRC, 'index.ts'), 'utf8')
  for (const line of code.split('\n').filter((line) => line !== ''))
    t.regex(line, /^(export (type )?(\{|\*)|\} from| {2}|\/\/)/, relative(SRC, 'index.ts'))
})
