// A `vm` context has classes of its own, and every file of Jest's tests is one.

import { fileURLToPath } from 'node:url'
import test from 'ava'
import { runNode } from './helpers/run-program.js'

const path = (file: string) => fileURLToPath(new URL(`fixtures/programs/${file}`, import.meta.url))

test('in a realm of its own every kind of value crosses, and errors and results are of its classes', async (t) => {
  const { code, stdout, output } = await runNode([
    ...['--experimental-vm-modules', '--no-warnings'],
    ...[path('in-a-realm.js'), '../realm.js'],
  ])
  t.is(code, 0, output)
  t.is(stdout, '')
})
