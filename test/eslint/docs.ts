// docs/eslint.md: each rule with wrong and right code, which is linted.

import test from 'ava'
import deco from '../../src/eslint/index.js'
import { codeBlocks } from '../helpers/code-blocks.js'
import { lint, markedLines } from '../helpers/eslint.js'
import { read } from '../helpers/project.js'

const IMPORTS =
  "import { concurrent, Job, serializable, shared, synchronized, TrackedArray, TrackedMap, tracked } from 'deco-ts'\n"

const document = read('docs/eslint.md')
const sections = document.split(/^## /m).slice(1)

for (const name of Object.keys(deco.rules)) {
  const section = sections.find((text) => text.startsWith(`${name}\n`)) ?? ''
  const blocks = codeBlocks(section)

  for (const { fragment, code, line } of blocks) {
    test(`docs/eslint.md: ${name}: the ${fragment} at line ${line} of its section is reported as marked`, (t) => {
      // In the same line, so that lines keep their numbers.
      const messages = lint(`${IMPORTS.trim()};${code}`)
      t.deepEqual(
        messages.map(({ ruleId, line }) => [ruleId, line]),
        markedLines(code, '// ✗').map((line) => [`deco-ts/${name}`, line]),
      )
      t.is(messages.length > 0, fragment === 'wrong')
    })
  }

  test(`docs/eslint.md shows ${name} with wrong and right code`, (t) => {
    const fragments = blocks.map(({ fragment }) => fragment)
    t.true(fragments.includes('wrong') && fragments.includes('right'))
  })

  test(`docs/eslint.md tells the message of ${name}`, (t) => {
    const wrong = blocks.filter(({ fragment }) => fragment === 'wrong')
    const messages = wrong.flatMap(({ code }) => lint(`${IMPORTS.trim()};${code}`)).map(({ message }) => message)
    const told = section.replaceAll(/\n> /g, ' ').replaceAll('\\', '')
    t.true(
      messages.some((message) => told.includes(message)),
      messages.join('\n'),
    )
  })
}

test('docs/eslint.md has no rules that are not there', (t) => {
  const names = sections.map((text) => text.split('\n')[0]!).filter((title) => title.startsWith('no-'))
  t.deepEqual(names.toSorted(), Object.keys(deco.rules))
})
