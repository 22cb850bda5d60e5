import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { configure, inline } from '../../src/index.js'
import { Whereabouts } from '../fixtures/whereabouts.js'

const program = fileURLToPath(new URL('../fixtures/programs/default-executor.js', import.meta.url))

async function run(env: Record<string, string>): Promise<string> {
  const { DECO_EXECUTOR: _, DECO_WORKERS: __, ...rest } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: { ...rest, ...env },
    timeout: 50_000,
  })
  return stdout.trim()
}

const places: [env: Record<string, string>, place: RegExp][] = [
  [{}, /^\d+ threads$/],
  [{ DECO_EXECUTOR: '' }, /^\d+ threads$/],
  [{ DECO_EXECUTOR: 'threads' }, /^\d+ threads$/],
  [{ DECO_EXECUTOR: 'processes' }, /^\d+ processes$/],
  [{ DECO_EXECUTOR: 'inline' }, /^here$/],
  [{ DECO_WORKERS: '1' }, /^1 threads$/],
  [{ DECO_EXECUTOR: 'processes', DECO_WORKERS: '1' }, /^1 processes$/],
  [{ DECO_WORKERS: '' }, /^\d+ threads$/],
]

for (const [env, place] of places) {
  test(`with ${JSON.stringify(env)} calls run where it says, and the program ends by itself`, async (t) => {
    t.regex(await run(env), place)
  })
}

const refused: [env: Record<string, string>, ...parts: string[]][] = [
  [{ DECO_EXECUTOR: 'workers' }, 'RangeError: Cannot use DECO_EXECUTOR=workers', 'threads, processes or inline'],
  ...['0', '-1', '1.5', 'two', 'Infinity', ' '].map((workers): [Record<string, string>, ...string[]] => [
    { DECO_WORKERS: workers },
    'RangeError: Cannot use',
    'DECO_WORKERS',
    'a positive whole number',
  ]),
]

for (const [env, ...parts] of refused) {
  test(`${JSON.stringify(env)} is refused`, async (t) => {
    const output = await run(env)
    for (const part of parts) t.true(output.includes(part), output)
  })
}

// Last: it changes this thread for good.
test.serial('configure sets what jobs use that are given no executor', async (t) => {
  configure({ executor: inline() })
  const job = new Whereabouts()
  t.true(job.pending === 0)
  const [one, two] = await Promise.all([job.where(), job.where()])
  t.is(one, two)
  await job.wait()
})
