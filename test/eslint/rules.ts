// Each misuse of the corpus is reported at its line, and the code beside it, which does the same well, is not.

import test from 'ava'
import * as earlyUse from '../fixtures/misuses/no-early-use.js'
import * as entryJob from '../fixtures/misuses/no-entry-job.js'
import * as moduleState from '../fixtures/misuses/no-module-state.js'
import * as targetInWorker from '../fixtures/misuses/no-target-in-worker.js'
import * as undeclaredMutation from '../fixtures/misuses/no-undeclared-mutation.js'
import { lint, lintInAll, markedLines } from '../helpers/eslint.js'
import { read } from '../helpers/project.js'

const corpus = {
  'no-early-use': earlyUse.misuses,
  'no-entry-job': entryJob.misuses,
  'no-module-state': moduleState.misuses,
  'no-target-in-worker': targetInWorker.misuses,
  'no-undeclared-mutation': undeclaredMutation.misuses,
}

for (const [rule, misuses] of Object.entries(corpus)) {
  for (const { title, wrong, right } of misuses) {
    test(`${rule}: ${title}`, (t) => {
      const messages = lintInAll(wrong)
      t.deepEqual(
        messages.map(({ ruleId, line }) => [ruleId, line]),
        markedLines(wrong, '✗').map((line) => [`deco-ts/${rule}`, line]),
        `${wrong}\n${JSON.stringify(messages, null, 2)}`,
      )
      t.true(messages.length > 0, 'the misuse is marked')
      for (const { message } of messages) {
        t.regex(message, /^Cannot .+: .+ Way out: .+\.$/)
        t.notRegex(message, /\{\{|\bundefined\b|…/)
      }
      for (const { suggestions = [] } of messages) {
        for (const { fix } of suggestions) {
          const mended = lint(wrong.slice(0, fix.range[0]) + fix.text + wrong.slice(fix.range[1]))
          t.true(mended.length < messages.length, JSON.stringify({ fix, mended }))
        }
      }
      t.deepEqual(lint(right), [], right)
    })
  }
}

// Not TypeScript for the compiler: it has errors, such as names that are not there.
test('nothing is reported in a program that looks like much and misuses nothing', (t) => {
  t.deepEqual(lintInAll(read('test/fixtures/misuses/none.txt')), [])
})

test('the corpus is as large as it says', (t) => {
  const misuses = Object.values(corpus).flat()
  t.true(misuses.length >= 150)
  t.is(new Set(misuses.map(({ wrong, right }) => wrong + right)).size, misuses.length)
})
