import test from 'ava'
import { processes } from '../../src/index.js'
import { faultTable } from '../helpers/fault-table.js'

const LIMITS = { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 6 }

faultTable(test, 'processes', (options) => processes({ ...options, resourceLimits: LIMITS }))
