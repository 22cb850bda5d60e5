import test from 'ava'
import { processes } from '../../src/index.js'
import { executorContract } from '../helpers/executor-contract.js'

executorContract(test, 'processes', () => processes({ workers: 2 }), { parallel: true, blocks: true, serial: true })
