// A process of its own for claims/tracing.mjs: nobody has ever listened, somebody did before, or somebody records.

import { record } from '../dist/trace/index.js'
import { start, workers } from './contenders.mjs'
import { check, timed } from './timing.mjs'

const [, , mode, file] = process.argv
const contender = await start(file, { workers })
if (mode === 'was on') record().stop()

process.on('message', async ({ list, expected, isTimed }) => {
  const recording = mode === 'on' ? record() : undefined
  const { ms, result } = await timed(() => contender.each('digest', list))
  recording?.[Symbol.dispose]()
  check(mode, [...result], expected)
  // Reading a recording is not recording: it would leave its garbage to the next run.
  const calls = isTimed ? undefined : recording?.trace.calls.length
  if (calls !== undefined && calls !== list.length) throw new Error(`${calls} of ${list.length} calls were recorded.`)
  process.send(ms)
})
process.on('disconnect', () => process.exit())
process.send('ready')
