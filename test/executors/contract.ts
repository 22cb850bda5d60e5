import test from 'ava'
import { inline, threads } from '../../src/index.js'
import { executorContract } from '../helpers/executor-contract.js'

executorContract(test, 'inline', () => inline(), { parallel: false, blocks: false })
executorContract(test, 'threads', () => threads({ workers: 2 }), { parallel: true, blocks: true })
executorContract(test, 'threads in batches of 16', () => threads({ workers: 2, batch: 16 }), {
  parallel: true,
  blocks: true,
})
