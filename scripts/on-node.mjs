// Runs the core tests on each version of Node.js that is supported: npm run test:nodes, or node scripts/on-node.mjs 24 for one of
// them. The tests must have been built. The binaries come from npm, into build/nodes.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// The first that package.json allows, and the newest of each line after it.
const VERSIONS = ['20.19.0', '22', '24', '26']

// What shows the promise on a version: values, targets, order, conflicts, errors, workers, how modules and loaders reach them, and
// generated programs against their serial runs.
const CORE = [
  'call-site',
  'conflicts',
  'copies',
  'deco',
  'decorators/**',
  'equivalence{,-async,-threads}',
  'executors/{blocking,contract,lifecycle,processes,threads-options}',
  'future',
  'job',
  'loaders',
  'metadata',
  'modules',
  'realms',
  'routes',
  'scheduler',
  'targets/**',
  'testing/{mock-concurrent,races,shuffled}',
  'values/{apart,call-time,identity,kinds,move,refusals,shared,write-back}',
  'worker/**',
].map((name) => `build/test/${name}.js`)

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'build/nodes')
const chosen = process.argv.slice(2)
const versions = chosen.length > 0 ? chosen : VERSIONS

install()
for (const version of versions) {
  const node = binary(version)
  console.log(`\n${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}`)
  const { status, signal } = spawnSync(node, ['node_modules/ava/entrypoints/cli.mjs', ...CORE], {
    cwd: root,
    stdio: 'inherit',
    env: {
      EQUIVALENCE_RUNS: '300',
      EQUIVALENCE_THREAD_RUNS: '30',
      ...process.env,
      // What a test starts as `node` is this one, too.
      PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
    },
  })
  if (status !== 0) {
    console.error(`The core tests failed on Node.js ${version}: they ended with ${signal ?? `exit code ${status}`}.`)
    process.exit(1)
  }
}

function install() {
  const missing = versions.filter((version) => !existsSync(binary(version)))
  if (missing.length === 0) return
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  mkdirSync(folder, { recursive: true })
  // So that npm takes the folder for a project, and not the one above it. What was installed before is named there.
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const packages = missing.map((version) => `node-${version}@npm:${platform}@${version}`)
  const { status } = spawnSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`Cannot install Node.js ${missing.join(', ')}: npm ended with exit code ${status}.`)
}

function binary(version) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  return join(folder, 'node_modules', `node-${version}`, 'bin', name)
}
