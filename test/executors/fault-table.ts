import test from 'ava'
import { threads } from '../../src/index.js'
import { faultTable } from '../helpers/fault-table.js'

const LIMITS = { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4 }

faultTable(test, 'threads', (options) => threads({ ...options, resourceLimits: LIMITS }))
