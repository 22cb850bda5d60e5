// A loop without results: each call leaves a file behind and returns nothing.

import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { Archive } from './archive.js'

const data = fileURLToPath(new URL('../data', import.meta.resolve('vega-datasets')))
const folder = mkdtempSync(join(tmpdir(), 'deco-no-results-'))
const names = readdirSync(data).filter((name) => statSync(join(data, name)).size < 100_000)
const files = names.map((name) => join(folder, name))
for (const name of names) copyFileSync(join(data, name), join(folder, name))

console.time('serial')
const serial = files.map((file) => brotliCompressSync(readFileSync(file)))
console.timeEnd('serial')

console.time('parallel')
const bytes = await new Archive().compressAll(files)
console.timeEnd('parallel')

for (const [index, file] of files.entries()) assert.deepEqual(readFileSync(`${file}.br`), serial[index])
assert.equal(bytes, Buffer.concat(serial).length)
rmSync(folder, { recursive: true })
console.log(`${files.length} files compressed to ${bytes.toLocaleString('en')} bytes`)
