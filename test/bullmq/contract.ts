import test from 'ava'
import { Cluster } from '../helpers/cluster.js'
import { executorContract } from '../helpers/executor-contract.js'

const cluster = await Cluster.start({ hosts: 2 })
test.after.always(() => cluster.close())

executorContract(test, 'bullmq', () => cluster.executor(), { parallel: true, blocks: true, serial: true })
