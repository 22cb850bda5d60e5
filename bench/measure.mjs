// Measures one claim in this process, and writes what it found: run.mjs starts it.

import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'

const [, , name, file] = process.argv
const { measure } = await import(`./claims/${name}.mjs`)
const data = await measure(process.env.BENCH_QUICK === '1')
const machine = `Node.js ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model.trim()}`
writeFileSync(file, `${JSON.stringify({ machine, data })}\n`)
process.exit()
