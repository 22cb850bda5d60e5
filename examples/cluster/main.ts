// One Redis, two hosts and a program, each a process of its own: on other machines they would be started in the same way.

import assert from 'node:assert/strict'
import { startHost, startRedis } from './processes.js'
import { runClimate } from './run-climate.js'

const queue = 'climate'
const hosts = ['north', 'south']

await using redis = await startRedis()
await using _north = await startHost({ name: 'north', redis: redis.url, queue })
await using _south = await startHost({ name: 'south', redis: redis.url, queue })
const shares = await runClimate({ redis: redis.url, queue, hosts, picture: 'cluster.png' })
// Both took their part, each batch going to whoever was free.
assert.ok(Object.values(shares).every((cells) => cells > 0))
