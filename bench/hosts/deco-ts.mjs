// A host with one lane, as a process of its own: see start.mjs.

import { fileURLToPath } from 'node:url'
import { serve } from '../../dist/bullmq/index.js'
import { host } from './host.mjs'

const root = fileURLToPath(new URL('../../build/', import.meta.url))
await host((options) => serve({ ...options, root, concurrency: 1, log: () => {} }))
