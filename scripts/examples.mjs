// Runs every example, one after the other: each takes all processors.

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

for (const name of readdirSync('build/examples')) {
  const program = `build/examples/${name}/main.js`
  if (!existsSync(program)) continue
  console.log(`\n${name}`)
  if (name === 'cluster' && !isInstalled('redis-server')) {
    console.log('It needs redis-server, which is not in PATH: apt-get install redis-server, or brew install redis.')
    continue
  }
  const { status, signal } = spawnSync(process.execPath, [program], { stdio: 'inherit' })
  if (status !== 0) {
    console.error(`The example ${name} ended with ${signal ?? `exit code ${status}`}.`)
    process.exit(1)
  }
}

function isInstalled(program) {
  return process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, program)))
}
