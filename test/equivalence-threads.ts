import test from 'ava'
import { threads } from '../src/index.js'
import { inWorkers } from './fixtures/generated/job.js'
import { endsAsSerially, sumsUp } from './helpers/equivalence.js'

const RUNS = Number(process.env.EQUIVALENCE_THREAD_RUNS ?? 100) / 4

const executor = threads({ workers: 2 })
let next = 0

test.after.always(() => executor.close())

for (const mode of ['rerun', 'mixed'] as const) {
  for (const isAsync of [false, true]) {
    test.serial(
      `${isAsync ? 'async' : 'blocking'} programs (${mode}) end as their serial runs do, on threads`,
      async (t) => {
        await endsAsSerially(t, {
          mode,
          isAsync,
          runs: Math.ceil(RUNS),
          executor: () => executor,
          // Workers cannot find classes that are made later.
          class: () => inWorkers[next++ % inWorkers.length]!,
        })
      },
    )
  }
}

test.serial('a tenth of the programs have conflicts, on threads', sumsUp)
