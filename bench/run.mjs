// Runs every bench in a process of its own, or those that are named.

import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const results = new URL('results/', import.meta.url)
mkdirSync(results, { recursive: true })
const named = process.argv.slice(2)
for (const name of named.length > 0 ? named : ['package', 'cost', 'climate', 'server']) {
  const { status, stdout } = spawnSync(process.execPath, [fileURLToPath(new URL(`${name}.mjs`, import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  console.log(stdout)
  if (status !== 0) process.exit(1)
  writeFileSync(new URL(`${name}.md`, results), stdout)
}
