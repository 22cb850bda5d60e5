// A hundred bodies that pull at each other, as a disc that turns.

import assert from 'node:assert/strict'
import { Body } from './body.js'
import { NBody } from './nbody.js'

const steps = 20
const dt = 0.1
const bodies = new Map<number, Body>()
for (let index = 0; index < 100; index++) {
  // The golden angle spreads them evenly.
  const angle = index * Math.PI * (3 - Math.sqrt(5))
  const radius = 10 * Math.sqrt(index + 1)
  const speed = Math.sqrt((index + 1) / radius)
  const [x, y] = [Math.cos(angle), Math.sin(angle)]
  bodies.set(index, new Body(1, radius * x, radius * y, -speed * y, speed * x))
}

console.time('serial')
let serial = bodies
for (let step = 0; step < steps; step++) {
  const current = serial
  serial = new Map([...current].map(([index, body]) => [index, body.advanced(current.values(), dt)]))
}
console.timeEnd('serial')

console.time('parallel')
const parallel = await new NBody().simulate(bodies, steps, dt)
console.timeEnd('parallel')

// deepStrictEqual compares classes, the order of keys, and numbers by Object.is.
assert.deepEqual([...parallel], [...serial])
const farthest = Math.max(...[...parallel].map(([index, body]) => body.distance(bodies.get(index)!)))
console.log(
  `${parallel.size} bodies after ${steps} steps, identical bit for bit; none moved more than ${farthest.toFixed(2)}`,
)
