// node examples/dashboard/main.mjs [PORT], with the queue in DECO_QUEUE and Redis in DECO_CONNECTION.

import { startDashboard } from './dashboard.mjs'

const { DECO_CONNECTION: redis = 'redis://127.0.0.1:6379', DECO_QUEUE: queue = 'climate' } = process.env
const { url, close } = await startDashboard({ redis, queue, port: Number(process.argv[2] ?? 3000) })
console.log(`the queue ${queue}: ${url}`)
process.once('SIGINT', close)
process.once('SIGTERM', close)
