// A loader that the program is started with, or that an executor names, is there in its workers.

import { fileURLToPath } from 'node:url'
import test from 'ava'
import { runNode } from './helpers/run-program.js'

const path = (file: string) => fileURLToPath(new URL(`fixtures/programs/${file}`, import.meta.url))
const url = (file: string) => new URL(`fixtures/programs/${file}`, import.meta.url).href

const REGISTERS = ['--import', url('register-hooks.js')]
const HOOKS = ['--loader', url('hooks.js')]

const reaches = test.macro(async (t, options: readonly string[], env: Record<string, string> = {}) => {
  for (const DECO_EXECUTOR of ['threads', 'processes']) {
    const { code, stdout, output } = await runNode([...options, path('loaded.js')], {
      env: { ...process.env, NODE_NO_WARNINGS: '1', ...env, DECO_EXECUTOR },
    })
    t.is(code, 0, output)
    t.is(stdout, '42\n', DECO_EXECUTOR)
  }
})

test('--import of a module that registers hooks', reaches, REGISTERS)
test('--loader', reaches, HOOKS)
test('NODE_OPTIONS with --import', reaches, [], { NODE_OPTIONS: REGISTERS.join(' ') })
test('NODE_OPTIONS with --loader', reaches, [], { NODE_OPTIONS: HOOKS.join(' ') })
test('execArgv of the executor with --import', reaches, [], { EXEC_ARGV: REGISTERS.join(' ') })
test('execArgv of the executor with --loader', reaches, [], { EXEC_ARGV: HOOKS.join(' ') })

test('without a loader, what it would have loaded is not there', async (t) => {
  const { code, output } = await runNode([path('loaded.js')])
  t.true(code > 0)
  t.regex(output, /from:/)
})
