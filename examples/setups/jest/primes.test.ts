import { threadId } from 'node:worker_threads'
import { expect, test } from '@jest/globals'
import { concurrent, inline, Job, processes, threads } from 'deco-ts'
import { Primes } from './primes.js'

const executors = { threads, processes, inline }

for (const [name, make] of Object.entries(executors)) {
  test(`primes are counted by ${name}`, async () => {
    await using executor = make()
    const counts = await new Primes({ executor }).below(10_000)
    expect(counts.size).toBe(10)
    expect([...counts.values()].reduce((sum, count) => sum + count)).toBe(1229)
    expect((await new Primes({ executor }).place()) === `${process.pid} ${threadId}`).toBe(name === 'inline')
  })

  test(`an error that a call throws under ${name} is what it was`, async () => {
    await using executor = make()
    const refuse = async () => await new Primes({ executor }).refuse()
    await expect(refuse).rejects.toThrow(RangeError)
    await expect(refuse).rejects.toHaveProperty('cause', expect.any(TypeError))
  })
}

// A test file of Jest's is a realm of its own: its Map, Array and Error are not those of Node.js.
test('values and results are those of the test’s own realm', async () => {
  await using executor = threads()
  const primes = new Primes({ executor })
  const sums = await primes.sums([1.5, 2.5], new Float64Array([1, 2, 3]))
  expect(sums).toStrictEqual({ list: 4, typed: 6 })
})

class Misplaced extends Job {
  @concurrent
  double(n: number): number {
    return 2 * n
  }
}

test('a class in the file of tests itself runs by inline(), as the error of other executors says', async () => {
  await using executor = threads()
  await expect(async () => await new Misplaced({ executor }).double(1)).rejects.toThrow(/Way out: .*inline\(\)/)
  expect(await new Misplaced({ executor: inline() }).double(1)).toBe(2)
})
