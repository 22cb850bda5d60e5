import { writeFileSync } from 'node:fs'
import test from 'ava'
import { faultTableDocument } from './helpers/fault-table-document.js'
import { read, root } from './helpers/project.js'

const FILE = 'docs/reliability.md'
const TABLE = /(<!-- faults: written from test\/fixtures\/fault-table\.ts -->\n\n)(.*?)(\n\n<!-- \/faults -->)/s

test('the table of faults in the docs is that of the tests: UPDATE_DOCS=1 writes it', (t) => {
  const text = read(FILE)
  const now = text.replace(TABLE, (_, opening: string, __, closing: string) => opening + faultTableDocument() + closing)
  if (process.env.UPDATE_DOCS === '1') writeFileSync(`${root}${FILE}`, now)
  t.regex(text, TABLE)
  t.is(read(FILE), now)
})

test('every test that the docs name is there', (t) => {
  const named = [...read(FILE).matchAll(/\]\(\.\.\/(test|bench)\/([^)]+)\)/g)]
  t.true(named.length > 8)
  for (const [, folder, path] of named) t.notThrows(() => read(`${folder}/${path}`), path)
})
