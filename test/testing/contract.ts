// What stands in for an executor in a test passes the tests that every executor passes.

import test from 'ava'
import { threads } from '../../src/index.js'
import { faulty, inline, recording, shuffled } from '../../src/testing/index.js'
import { executorContract } from '../helpers/executor-contract.js'

executorContract(test, 'shuffled', () => shuffled({ seed: 1 }), { parallel: false, blocks: false })
executorContract(test, 'faulty, which delays results', () => faulty(inline(), { delay: 0.3 }), {
  parallel: false,
  blocks: false,
})
executorContract(
  test,
  'faulty and recording threads',
  () => recording(faulty(threads({ workers: 2 }), { delay: 0.3 })),
  { parallel: true, blocks: true },
)
