// A server in async style: a job runs for some seconds, and the server answers other requests all the while.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { countRow } from './mandelbrot.js'
import { server } from './server.js'

const size = 3000
await once(server.listen(0, 'localhost'), 'listening')
const origin = `http://localhost:${(server.address() as AddressInfo).port}`

let working = true
console.time('GET /work')
const work = fetch(`${origin}/work?size=${size}`)
  .then((response) => response.json() as Promise<{ inside: number }>)
  .finally(() => {
    working = false
  })

const pings: number[] = []
while (working) {
  const start = performance.now()
  const response = await fetch(`${origin}/ping`)
  assert.equal(await response.text(), 'pong')
  pings.push(performance.now() - start)
  await setTimeout(10)
}
const { inside } = await work
console.timeEnd('GET /work')
server.close()

let serial = 0
for (let row = 0; row < size; row++) serial += countRow(row, size)
assert.equal(inside, serial)
console.log(`area of the Mandelbrot set: ${((inside / size ** 2) * 16).toFixed(3)}`)
console.log(`${pings.length} pings answered meanwhile, the slowest in ${Math.max(...pings).toFixed(0)} ms`)
