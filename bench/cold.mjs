// A process of its own for claims/cold-start.mjs.

import { contenders, start } from './contenders.mjs'

const [, , file] = process.argv
const begin = performance.now()
await import(contenders[file].library)
const imported = performance.now()
const { each } = await start(file)
await each('nothing', [1])
const first = performance.now()
console.log(JSON.stringify({ imported: imported - begin, first: first - imported }))
process.exit()
