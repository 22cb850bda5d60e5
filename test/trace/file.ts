import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import test from 'ava'
import { DecoError, inline } from '../../src/index.js'
import { readTrace, record, writeTrace } from '../../src/trace/index.js'
import { Traced } from '../fixtures/traced.js'
import { Folder } from '../helpers/folder.js'
import { rejectsSaying } from '../helpers/throws-saying.js'

test.serial('a trace that is written and read is the same', async (t) => {
  using folder = new Folder()
  const file = folder.file('run.trace')
  const recording = record()
  await new Traced({ executor: inline() }).allTwice(2500)
  const trace = recording.stop()
  await writeTrace(trace, file)
  t.deepEqual(await readTrace(file), trace)
  t.is(readFileSync(file, 'utf8').split('\n').length, 1 + 3 + 1)
})

test('what is no trace, or is cut off, is refused', async (t) => {
  using folder = new Folder()
  const file = folder.file('run.trace')
  const refused = (why: string) => rejectsSaying(t, readTrace(file), DecoError, file, why, 'Way out', 'DECO_TRACE')
  writeFileSync(file, '')
  await refused('it is empty')
  for (const text of ['hello\n', '{}\n', '[1]\n', 'null\n']) {
    writeFileSync(file, text)
    await refused('its first line does not say so')
  }
  writeFileSync(file, '{"recorder":"deco-ts","version":7}\n')
  await refused('version 7')
  writeFileSync(file, '{"recorder":"deco-ts","version":1}\n')
  appendFileSync(file, '[{"job":0},{"jo')
  await refused('line 2 is cut off')
  truncateSync(file, 35)
  t.deepEqual((await readTrace(file)).calls, [])
})

test('a file that is not there is told of by its name', async (t) => {
  await t.throwsAsync(readTrace('/nowhere/run.trace'), { code: 'ENOENT', message: /nowhere/ })
})
