import test from 'ava'
import { Numbers } from '../fixtures/numbers.js'
import { blockingListener } from '../helpers/blocking-listener.js'
import { Cluster } from '../helpers/cluster.js'

for (const style of ['async', 'blocking'] as const) {
  test.serial(`a listener that blocks is told the rest of the reports: ${style}`, async (t) => {
    await using cluster = await Cluster.start({ hosts: 1 })
    await using executor = cluster.executor({ batch: 20 })
    const [job, other] = [new Numbers({ executor }), new Numbers({ executor })]
    using blocked = blockingListener(job, other)
    // The first ones leave one by one, all others together.
    for (let n = 0; n < 10; n++) job.nothing(n)
    for (let n = 0; n < 10; n++) other.nothing(n)
    await (style === 'async' ? job.wait() : job.waitSync())
    t.is(blocked.times, 10)
    t.is(other.pending, 0)
  })
}
