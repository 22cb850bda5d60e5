// Runs every example, one after the other: each takes all processors.

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'

for (const name of readdirSync('build/examples')) {
  const program = `build/examples/${name}/main.js`
  if (!existsSync(program)) continue
  console.log(`\n${name}`)
  const { status, signal } = spawnSync(process.execPath, [program], { stdio: 'inherit' })
  if (status !== 0) {
    console.error(`The example ${name} ended with ${signal ?? `exit code ${status}`}.`)
    process.exit(1)
  }
}
