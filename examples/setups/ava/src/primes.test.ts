import { threadId } from 'node:worker_threads'
import test from 'ava'
import { concurrent, inline, Job, processes, threads } from 'deco-ts'
import { Primes } from './primes.js'

const executors = { threads, processes, inline }

for (const [name, make] of Object.entries(executors)) {
  test(`primes are counted by ${name}`, async (t) => {
    await using executor = make()
    const counts = await new Primes({ executor }).below(10_000)
    t.is(counts.size, 10)
    t.is(
      [...counts.values()].reduce((sum, count) => sum + count),
      1229,
    )
    t.is((await new Primes({ executor }).place()) === `${process.pid} ${threadId}`, name === 'inline')
  })

  test(`an error that a call throws under ${name} is what it was`, async (t) => {
    await using executor = make()
    const error = await t.throwsAsync(async () => await new Primes({ executor }).refuse(), { instanceOf: RangeError })
    t.true(error?.cause instanceof TypeError)
  })
}

class Misplaced extends Job {
  @concurrent
  double(n: number): number {
    return 2 * n
  }
}

test('a class in the file of tests itself runs by inline(), as the error of other executors says', async (t) => {
  await using executor = threads()
  await t.throwsAsync(async () => await new Misplaced({ executor }).double(1), { message: /Way out: .*inline\(\)/ })
  t.is(await new Misplaced({ executor: inline() }).double(1), 2)
})
