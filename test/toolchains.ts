import test from 'ava'
import { read } from './helpers/project.js'
import { FILE, TABLE, toolchainsDocument } from './helpers/toolchains.js'

test('the table of toolchains in the docs is what the last run of the matrix found', (t) => {
  t.regex(read(FILE), TABLE)
  t.is(read(FILE), toolchainsDocument())
})
