// A loop that pushes, in plain style: no promise anywhere.

import assert from 'node:assert/strict'
import { countPrimes, PrimeCount } from './prime-count.js'

const limit = 4_000_000
const step = 10_000

console.time('serial')
const serial: number[] = []
for (let from = 0; from < limit; from += step) serial.push(countPrimes(from, from + step))
console.timeEnd('serial')

console.time('parallel')
const job = new PrimeCount()
const total = job.countBelow(limit, step)
console.timeEnd('parallel')

assert.deepEqual([...job.counts], serial)
assert.equal(total, 283_146)
console.log(`${total.toLocaleString('en')} primes below ${limit.toLocaleString('en')}`)
