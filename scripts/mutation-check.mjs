// Switches off one rule of the promise after the other, in a copy of the source, and requires that the property test finds it
// within one run. Names of mutants as arguments check these alone.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const hasRead = (condition) => ({
  file: 'src/conflicts.ts',
  from: '  const unit = unitOf(snapshot, target)\n  if (reads',
  to: `  if (${condition}) return false\n  const unit = unitOf(snapshot, target)\n  if (reads`,
})

const MUTANTS = {
  'call-time snapshots': {
    file: 'src/scheduler.ts',
    from: '    this.#executor.submit(call)\n  }\n\n  #await(',
    to: `    let late
    const take = () => (call.snapshot = snapshotOf(this.#job, call.args, call.name, true))
    Object.defineProperty(call, 'units', { configurable: true, get: () => (late ??= take()).units })
    this.#executor.submit(call)
  }

  #await(`,
  },
  'a snapshot is used again only while it is current': {
    file: 'src/values/snapshot.ts',
    from: '    if (this.frozen) return true\n',
    to: '    return true\n',
  },
  'commits in program order': {
    file: 'src/queue.ts',
    from: '  at(i: number): T {\n',
    to: `  at(i: number): T {
    const items = this.#items as { hasArrived?: boolean }[]
    const arrived = items.findIndex((item, j) => j >= this.#from && item?.hasArrived)
    if (arrived !== -1) items.splice(this.#from, 0, ...items.splice(arrived, 1))
`,
  },
  'conflicts through reads of Maps': hasRead('target instanceof Map'),
  'conflicts through reads of Sets': hasRead('target instanceof Set'),
  'conflicts through reads of arrays': hasRead('Array.isArray(target)'),
  'conflicts through reads of plain objects': hasRead('Object.getPrototypeOf(target) === Object.prototype'),
  'conflicts through reads of this': hasRead('target === snapshot.units[0]!.graph.nodes[0]'),
  'conflicts through lists of keys': {
    file: 'src/conflicts.ts',
    from: '(changesKeys && (hasListed ||',
    to: '(changesKeys && (false ||',
  },
  'the earliest error is thrown': {
    file: 'src/scheduler.ts',
    from: '    this.#phase.fail([error, ...later])\n    for (const call of calls) call.abandon(error)\n',
    to: `    error = later.at(-1) ?? error
    this.#phase.fail([error, ...later])
    for (const call of calls) call.abandon(error)
`,
  },
  'what a failing call changed is written back': {
    file: 'src/scheduler.ts',
    from: 'patch.length === 0 ?',
    to: 'threw || patch.length === 0 ?',
  },
  'arguments that share objects come as one': {
    file: 'src/values/snapshot.ts',
    from: '      if (!units.every((other) => other.isApartFrom(unit))) return jointly(job, args, name, options)\n',
    to: '',
  },
  'writes that make no difference are writes': {
    file: 'src/values/record.ts',
    from: '    const told = new Map<object, Set<unknown>>()\n',
    to: '    if (patch) return []\n    const told = new Map<object, Set<unknown>>()\n',
  },
  'deletes are written back': {
    file: 'src/values/patch.ts',
    from: '  OPERATIONS[operation]',
    to: "  if (operation.endsWith('delete')) return\n  OPERATIONS[operation]",
  },
  'keys keep their order': {
    file: 'src/values/entries.ts',
    from: 'else if (hasMoved && !isSorted)',
    to: 'else if (hasMoved && !isSorted && key === undefined)',
  },
  'places that the caller changed conflict': {
    file: 'src/conflicts.ts',
    from: '  const seen = new Map<object, Set<unknown>>()\n  return changes.find',
    to: '  if (changes) return undefined\n  const seen = new Map<object, Set<unknown>>()\n  return changes.find',
  },
  'a call that runs again does not see what the caller did since': {
    file: 'src/scheduler.ts',
    from: 'call.snapshot = refresh(call.snapshot, changes, this.#job, call.name, moving(call.method))',
    to: 'call.snapshot = refresh ? snapshotOf(this.#job, call.args, call.name, true) : call.snapshot',
  },
  'a slot takes the result of its last call alone': {
    file: 'src/targets/slot.ts',
    from: 'return isFuture(held) && callOf(held) === call',
    to: 'return held !== call',
  },
}

const asked = process.argv.slice(2)
const names = asked.length === 0 ? Object.keys(MUTANTS) : asked
const folder = mkdtempSync(join(tmpdir(), 'deco-ts-mutants-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

for (const path of ['src', 'test', 'package.json', 'tsconfig.json'])
  cpSync(path, join(folder, path), { recursive: true })
symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'), 'junction')

const missed = []
for (const name of names) {
  const { file, from, to } = MUTANTS[name]
  const path = join(folder, file)
  const source = readFileSync(path, 'utf8')
  if (source.split(from).length !== 2) throw new Error(`The mutant '${name}' does not fit ${file} any more.`)
  writeFileSync(
    path,
    source.replace(from, () => to),
  )
  const found = counterexample()
  writeFileSync(path, source)
  console.log(`\n${found === undefined ? 'MISSED' : 'found'}: without '${name}'\n${found ?? ''}`)
  if (found === undefined) missed.push(name)
}
if (missed.length > 0) {
  console.error(`\nThe property test missed ${missed.length} of ${names.length} mutants: ${missed.join('; ')}.`)
  process.exit(1)
}
console.log(`\nThe property test found all ${names.length} mutants.`)

// What the property test says of the mutant in place, if it fails.
function counterexample() {
  // A mutant may well break rules of the type checker: it is compiled all the same.
  const { status: compiled, stdout: errors } = run('node_modules/typescript/bin/tsc', [
    '-p',
    'tsconfig.json',
    '--noCheck',
  ])
  if (compiled !== 0) throw new Error(errors)
  const { stdout, status: ended } = run('node_modules/ava/entrypoints/cli.mjs', [
    '--fail-fast',
    'build/test/equivalence.js',
  ])
  if (ended === 0) return undefined
  const text = stdout.slice(stdout.indexOf('✘'))
  return text.slice(0, text.indexOf('\n  ─')).slice(0, 4000)
}

function run(program, args) {
  return spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, EQUIVALENCE_RUNS: process.env.EQUIVALENCE_RUNS ?? '12000', NO_COLOR: '1' },
  })
}
