import assert from 'node:assert/strict'
import { threadId } from 'node:worker_threads'
import { Job } from 'deco-ts'
import { Primes } from 'primes'

const primes = new Primes()
assert(primes instanceof Job, 'both packages of the workspace have one copy of deco-ts')
const counts = await primes.below(10_000)
assert.equal(
  [...counts.values()].reduce((sum, count) => sum + count),
  1229,
)
assert.notEqual(await new Primes().place(), `${process.pid} ${threadId}`)
console.log('1229 primes below 10,000')
