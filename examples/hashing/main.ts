// SHA-256 at different call lengths: how long must a call be to gain from a second core?

import assert from 'node:assert/strict'
import { shared } from 'deco-ts'
import { digest, Hashing } from './hashing.js'

const lengths = [1, 4, 16, 64, 256, 1024, 4096].map((kib) => kib * 1024)
const bytesPerLength = 128 * 1024 ** 2
const data = shared(Uint8Array.from({ length: 8 * 1024 ** 2 }, (_, index) => (index * index) >> 8))
const job = new Hashing()

async function compare(calls: number, bytes: number) {
  const start = performance.now()
  const serial = Array.from({ length: calls }, (_, call) => digest(data, call, bytes))
  const between = performance.now()
  const parallel = await job.digests(data, calls, bytes)
  const end = performance.now()
  assert.deepEqual(parallel, serial)
  return { serial: between - start, parallel: end - between }
}

// Workers start and code is compiled before the clock runs.
await compare(10_000, 1024)
const rows = []
for (const bytes of lengths) {
  const calls = bytesPerLength / bytes
  const { serial, parallel } = await compare(calls, bytes)
  rows.push({
    'bytes a call': bytes,
    calls,
    'µs a call': Number(((serial / calls) * 1000).toFixed(1)),
    'serial ms': Math.round(serial),
    'parallel ms': Math.round(parallel),
    'speed-up': Number((serial / parallel).toFixed(2)),
  })
}
console.table(rows)
