// Switches off one rule of the promise after the other, in a copy of the source, and requires that the property test finds it
// within one run. Names of mutants as arguments check these alone.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MUTANTS } from './mutants.mjs'

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
    'build/test/equivalence-async.js',
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
