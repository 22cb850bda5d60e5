import assert from 'node:assert/strict'
import { threadId } from 'node:worker_threads'
import { Primes } from './primes.js'

const counts = await new Primes().below(10_000)
assert.equal(counts.size, 10)
assert.equal(
  [...counts.values()].reduce((sum, count) => sum + count),
  1229,
)
assert.notEqual(await new Primes().place(), `${process.pid} ${threadId}`)
await assert.rejects(async () => await new Primes().refuse(), RangeError)
console.log('1229 primes below 10,000')
