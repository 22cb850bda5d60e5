// A worker starts while the first call is being encoded.

import { setImmediate as turn } from 'node:timers/promises'
import test from 'ava'
import { processes, SerializationError, threads } from '../../src/index.js'
import { Numbers } from '../fixtures/numbers.js'
import { Listening } from '../helpers/listening.js'

const refused = (job: Numbers) => job.sum([() => 1] as never)

for (const make of [threads, processes]) {
  test.serial(
    `a call that is refused has started a worker already, which the next one finds (${make.name})`,
    async (t) => {
      using workers = new Listening('worker')
      await using executor = make({ workers: 1 })
      const job = new Numbers({ executor })
      t.is(workers.traces.length, 0)
      t.throws(() => refused(job), { instanceOf: SerializationError })
      t.is(workers.traces.length, 1)
      t.is(await job.run(() => job.square(3)), 9)
      t.is(workers.traces.length, 1)
    },
  )
}

test.serial('a worker that gets no call stops as one that has no more', async (t) => {
  using workers = new Listening('worker')
  await using executor = threads({ workers: 1, idleTimeout: 20 })
  const job = new Numbers({ executor })
  t.throws(() => refused(job), { instanceOf: SerializationError })
  const [trace] = workers.traces
  while (!workers.of(trace!).includes('asyncEnd')) await turn()
  t.is(await job.run(() => job.square(3)), 9)
  t.is(workers.traces.length, 2)
})

test.serial('a closed executor starts none', async (t) => {
  using workers = new Listening('worker')
  const executor = threads({ workers: 1 })
  await executor.close()
  const job = new Numbers({ executor })
  t.throws(() => refused(job), { instanceOf: SerializationError })
  t.is(workers.traces.length, 0)
})
