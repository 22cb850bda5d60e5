import test from 'ava'
import { shuffled } from '../../src/testing/index.js'
import { generatedClass } from '../fixtures/generated/job.js'
import { endsAsSerially, sumsUp } from './equivalence.js'

// The heavy suite asks for more.
const RUNS = Number(process.env.EQUIVALENCE_RUNS ?? 600) / 6

const MODES = {
  rerun: "with onConflict 'rerun'",
  error: "with onConflict 'error'",
  mixed: 'with both',
} as const

/** Registers the property for programs of one style: a file each, so that they run beside each other. */
export function endInAnyOrder(style: 'blocking' | 'async'): void {
  for (const mode of ['rerun', 'error', 'mixed'] as const) {
    test.serial(
      `${style} programs, ${MODES[mode]}, end as their serial runs do, in any order of completion`,
      async (t) => {
        await endsAsSerially(t, {
          mode,
          isAsync: style === 'async',
          runs: Math.ceil(RUNS),
          executor: (seed) => shuffled({ seed }),
          class: generatedClass,
        })
      },
    )
  }

  test.serial('a tenth of the programs have conflicts, in any order of completion', sumsUp)
}
