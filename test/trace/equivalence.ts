// Whoever looks on changes nothing: generated programs that are recorded, listened to and followed end as their serial runs do.

import test from 'ava'
import type { Progress } from '../../src/index.js'
import { shuffled } from '../../src/testing/index.js'
import { record } from '../../src/trace/index.js'
import { type GeneratedClass, generatedClass } from '../fixtures/generated/job.js'
import { endsAsSerially } from '../helpers/equivalence.js'
import { Listening } from '../helpers/listening.js'

for (const isAsync of [false, true]) {
  test.serial(
    `${isAsync ? 'async' : 'blocking'} programs that are looked at end as their serial runs do`,
    async (t) => {
      using recorded = record()
      using calls = new Listening('call')
      using commits = new Listening('commit')
      using phases = new Listening('phase')
      const last: Progress[] = []
      await endsAsSerially(t, {
        mode: 'mixed',
        isAsync,
        runs: 60,
        executor: (seed) => shuffled({ seed }),
        class: () => followed(generatedClass(), (progress) => progress.isOver && last.push(progress)),
      })
      const outcomes = (outcome: string) => recorded.trace.calls.filter((call) => call.outcome === outcome).length
      const total = (of: (progress: Progress) => number) => last.reduce((sum, progress) => sum + of(progress), 0)
      t.true(outcomes('committed') > 100 && commits.traces.length > 0)
      t.is(calls.traces.length, recorded.trace.calls.length)
      t.is(phases.traces.length, last.length)
      t.is(
        commits.traces.reduce((sum, commit) => sum + commit.calls, 0),
        outcomes('committed'),
      )
      t.is(
        outcomes('committed'),
        total(({ done }) => done),
      )
    },
  )
}

/** The same class, whose jobs are followed. */
function followed(generated: GeneratedClass, onProgress: (progress: Progress) => void): GeneratedClass {
  return class extends generated {
    constructor(options: ConstructorParameters<GeneratedClass>[0]) {
      super({ ...options, onProgress })
    }
  }
}
