import type { ChannelListener } from 'node:diagnostics_channel'
import test from 'ava'
import { channels } from '../src/channels.js'
import { inline } from '../src/index.js'
import { Numbers } from './fixtures/numbers.js'

// The specimen is made with the first call of a process: this file has no other test.
test('the first call is told of once: the specimen that is made with it is no job of the program', async (t) => {
  const told: string[] = []
  for (const [name, { start }] of Object.entries({
    phase: channels.phase,
    call: channels.call,
    commit: channels.commit,
  })) {
    const listener: ChannelListener = () => told.push(name)
    start.subscribe(listener)
    t.teardown(() => start.unsubscribe(listener))
  }
  const job = new Numbers({ executor: inline() })
  job.square(2)
  await job.wait()
  t.deepEqual(told, ['phase', 'call', 'commit'])
})
