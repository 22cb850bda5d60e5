import test from 'ava'
import { inWorkers } from '../fixtures/generated/job.js'
import { Cluster } from '../helpers/cluster.js'
import { endsAsSerially, sumsUp } from '../helpers/equivalence.js'

const RUNS = Number(process.env.EQUIVALENCE_CLUSTER_RUNS ?? 500) / 4

const cluster = await Cluster.start({ hosts: 2 })
const executor = cluster.executor()
let next = 0

test.after.always(async () => {
  await executor.close()
  await cluster.close()
})

for (const mode of ['rerun', 'mixed'] as const) {
  for (const isAsync of [false, true]) {
    test.serial(
      `${isAsync ? 'async' : 'blocking'} programs (${mode}) end as their serial runs do, on two hosts`,
      async (t) => {
        await endsAsSerially(t, {
          mode,
          isAsync,
          runs: Math.ceil(RUNS),
          executor: () => executor,
          // Hosts cannot find classes that are made later.
          class: () => inWorkers[next++ % inWorkers.length]!,
        })
      },
    )
  }
}

test.serial('nearly all programs are compared, on two hosts', sumsUp)
