import assert from 'node:assert/strict'
import test from 'node:test'
import { threadId } from 'node:worker_threads'
import { concurrent, inline, Job, processes, threads } from 'deco-ts'
import { Primes } from './primes.js'

const executors = { threads, processes, inline }

for (const [name, make] of Object.entries(executors)) {
  test(`primes are counted by ${name}`, async () => {
    await using executor = make()
    const counts = await new Primes({ executor }).below(10_000)
    assert.equal(counts.size, 10)
    assert.equal(
      [...counts.values()].reduce((sum, count) => sum + count),
      1229,
    )
    assert.equal((await new Primes({ executor }).place()) === `${process.pid} ${threadId}`, name === 'inline')
  })

  test(`an error that a call throws under ${name} is what it was`, async () => {
    await using executor = make()
    await assert.rejects(
      async () => await new Primes({ executor }).refuse(),
      (error) => error instanceof RangeError && error.cause instanceof TypeError,
    )
  })
}

class Misplaced extends Job {
  @concurrent
  double(n: number): number {
    return 2 * n
  }
}

test('a class in the file of tests itself runs by inline(), as the error of other executors says', async () => {
  await using executor = threads()
  await assert.rejects(async () => await new Misplaced({ executor }).double(1), /Way out: .*inline\(\)/)
  assert.equal(await new Misplaced({ executor: inline() }).double(1), 2)
})
