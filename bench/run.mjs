// Measures every claim in a process of its own, or those that are named, and writes tables, charts and the README's figures.
// `--show` measures nothing: it draws anew what was measured before.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { draw } from './draw.mjs'
import { claimMarkdown, readmeBlock, replaceBlock } from './report.mjs'

const claims = [
  'cost',
  'speed-up',
  'uneven',
  'first-result',
  'arguments',
  'hot-loop',
  'cold-start',
  'memory',
  'climate',
  'server',
  'fairness',
  'cancellation',
  'soak',
  'size',
  'scaling',
  'races',
  'tracing',
  'cluster',
  'timeline',
]

// A quick run only shows that everything works: its figures mean nothing.
const isQuick = process.env.BENCH_QUICK === '1'
const results = new URL(isQuick ? '../build/bench-quick/' : 'results/', import.meta.url)
mkdirSync(results, { recursive: true })

const [load] = loadavg()
if (load > 1) console.error(`Something else is running (load ${load.toFixed(1)}): these figures will mean little.`)

const named = process.argv.slice(2).filter((name) => name !== '--show')
const chosen = named.length > 0 ? named : claims
for (const name of process.argv.includes('--show') ? [] : chosen) {
  const file = fileURLToPath(new URL(`${name}.json`, results))
  const program = fileURLToPath(new URL('measure.mjs', import.meta.url))
  const start = performance.now()
  const { status, signal } = spawnSync(process.execPath, ['--expose-gc', program, name, file], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`${name}: ended with ${signal ?? `exit code ${status}`}.`)
  console.error(`${name}: measured in ${((performance.now() - start) / 1000).toFixed(0)} s`)
}

const shown = []
for (const name of claims) {
  const file = new URL(`${name}.json`, results)
  if (!existsSync(file)) continue
  const { machine, data } = JSON.parse(readFileSync(file, 'utf8'))
  const { title, show } = await import(pathToFileURL(fileURLToPath(new URL(`claims/${name}.mjs`, import.meta.url))))
  const claim = { name, title, machine, ...show(data) }
  shown.push(claim)
  const markdown = claimMarkdown(claim)
  if (chosen.includes(name)) console.log(markdown)
  writeFileSync(new URL(`${name}.md`, results), markdown)
  if (claim.chart) writeFileSync(new URL(`${name}.svg`, results), draw(claim.chart))
}

const block = readmeBlock(shown)
console.log(block)
writeFileSync(new URL('readme.md', results), block)
const readme = new URL('../README.md', import.meta.url)
if (!isQuick) writeFileSync(readme, replaceBlock(readFileSync(readme, 'utf8'), block))
