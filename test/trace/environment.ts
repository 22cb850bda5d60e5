// DECO_TRACE: a program records itself.

import { existsSync, readdirSync } from 'node:fs'
import test from 'ava'
import { readTrace } from '../../src/trace/index.js'
import { Folder } from '../helpers/folder.js'
import { root } from '../helpers/project.js'
import { runNode } from '../helpers/run-program.js'

const program = `${root}build/test/fixtures/programs/traced.js`
const run = (DECO_TRACE: string, ...args: string[]) =>
  runNode([program, ...args], { env: { ...process.env, DECO_TRACE } })

test('a program with DECO_TRACE records itself, however it ends', async (t) => {
  using folder = new Folder()
  const file = folder.file('run.trace')
  const { code, output } = await run(file, '3000')
  t.is(code, 7, output)
  const { calls, methods, workers } = await readTrace(file)
  t.is(calls.length, 3000)
  t.deepEqual(methods, ['Traced.twice'])
  t.is(workers.length, 1)
})

test('threads of a program have files of their own', async (t) => {
  using folder = new Folder()
  const { code, output } = await run(folder.file('run.trace'), '5', '7')
  t.is(code, 7, output)
  const files = readdirSync(folder.path).sort()
  t.is(files.length, 2)
  t.regex(files.join(), /^run\.\d+\.trace,run\.trace$/)
  t.is((await readTrace(folder.file('run.trace'))).calls.length, 5)
  t.is((await readTrace(folder.file(files[0]!))).calls.length, 7)
})

test('%p and %t in the name are the process and the thread', async (t) => {
  using folder = new Folder()
  const { code, output } = await run(folder.file('run-%p-%t.trace'), '5', '7')
  t.is(code, 7, output)
  t.regex(readdirSync(folder.path).sort().join(), /^run-(\d+)-0\.trace,run-\1-\d+\.trace$/)
})

test('a file that cannot be written is told of at once, and the program goes on', async (t) => {
  using folder = new Folder()
  const { code, output } = await run(folder.file('nowhere/run.trace'), '5')
  t.is(code, 7)
  t.regex(output, /Cannot record to DECO_TRACE=.*nowhere.run\.trace: ENOENT.*Nothing is recorded/)
  t.false(existsSync(folder.file('nowhere')))
})
