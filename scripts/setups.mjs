// Installs the packed package into a copy of every set-up in examples/setups, as a user would, and runs its tests there:
// npm run test:setups, or node scripts/setups.mjs NAME… for some of them. The package must have been built.

import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'examples/setups')
// Far beyond what any of them takes: what does not end by itself is ended, and has failed.
const LIMIT = 180_000

const all = (await readdir(source, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`There is no set-up ${unknown.join(', ')}. There are ${all.join(', ')}.`)
  process.exit(1)
}

const folder = await mkdtemp(join(tmpdir(), 'deco-ts-setups-'))
let failed
try {
  const tarball = await pack()
  failed = await runAll(chosen.length > 0 ? chosen : all, tarball)
} finally {
  await rm(folder, { recursive: true, force: true })
}
if (failed.length > 0) {
  console.error(`\n${failed.length} of the set-ups failed: ${failed.join(', ')}`)
  process.exit(1)
}

async function pack() {
  // Scripts would build anew.
  const { code, output, stdout } = await run(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    root,
  )
  if (code !== 0) throw new Error(`npm pack ended with ${code}:\n${output}`)
  return join(folder, JSON.parse(stdout)[0].filename)
}

/** As many beside each other as there are processors. Gives the names of those that failed. */
async function runAll(names, tarball) {
  const left = [...names]
  const failed = []
  const worker = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const start = performance.now()
      const { code, output } = await runOne(name, tarball)
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      if (code !== 0) failed.push(name)
      console.log(code === 0 ? `✔ ${name} (${seconds} s)` : `✘ ${name} (${seconds} s) ended with ${code}:\n${output}`)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return failed
}

async function runOne(name, tarball) {
  const copy = join(folder, name)
  await cp(join(source, name), copy, { recursive: true, filter: (path) => !/[\\/](node_modules|dist)$/.test(path) })
  for (const file of await readdir(copy, { recursive: true })) {
    if (/(^|[\\/])package\.json$/.test(file)) await dependOn(tarball, join(copy, file))
  }
  const { packageManager } = JSON.parse(await readFile(join(copy, 'package.json'), 'utf8'))
  const [manager, ...first] = packageManager === undefined ? ['npm'] : ['npx', '--yes', packageManager]
  const install = packageManager === undefined ? ['--no-audit', '--no-fund', '--no-package-lock'] : ['--no-lockfile']
  const installed = await run(manager, [...first, 'install', '--prefer-offline', ...install], copy)
  if (installed.code !== 0) return installed
  return run(manager, [...first, 'test'], copy)
}

// What says a version of deco-ts is to have the one that has just been packed.
async function dependOn(tarball, file) {
  const description = JSON.parse(await readFile(file, 'utf8'))
  if (description.dependencies?.['deco-ts'] === undefined) return
  description.dependencies['deco-ts'] = `file:${tarball}`
  await writeFile(file, JSON.stringify(description, undefined, 2))
}

/** Runs a command until it ends: how, and what it printed. */
function run(command, args, cwd) {
  // What npm sets for scripts of this project is not for those of others.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|INIT_CWD|NODE_OPTIONS|DECO_)/.test(name)),
  )
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT,
      killSignal: 'SIGKILL',
    })
    let stdout = ''
    let output = ''
    child.stdout.on('data', (text) => {
      stdout += text
      output += text
    })
    child.stderr.on('data', (text) => {
      output += text
    })
    child.on('error', (error) => resolve({ code: String(error), stdout, output }))
    child.on('close', (code, signal) => resolve({ code: code ?? signal, stdout, output }))
  })
}
