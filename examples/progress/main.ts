// Few long calls: a bar that moves although no call has ended.

import assert from 'node:assert/strict'
import { progressBar } from 'deco-ts/progress'
import { Ball, slice } from './ball.js'

const count = 6
const steps = 8000

let serial = 0
for (let i = 0; i < count; i++) serial += slice(i / count, (i + 1) / count, steps)
serial *= 2

const ball = new Ball()
progressBar(ball, { label: 'volume' })
let events = 0
let last = 0
ball.on('progress', ({ computed }) => {
  events++
  last = computed
})
const volume = await ball.volume(count, steps)

assert.equal(volume, serial)
assert.ok(Math.abs(volume - (4 / 3) * Math.PI) < 1e-6)
assert.equal(last, count)
console.log(`a ball of radius 1 has a volume of ${volume.toFixed(6)}; progress was told ${events} times`)
