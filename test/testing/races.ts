import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { detectRaces, type Race } from '../../src/testing/index.js'
import { CLEAN, type Expected, RACY } from '../fixtures/races/corpus.js'
import { Racy } from '../fixtures/races/jobs.js'

for (const { title, run, races } of RACY) {
  test(`races: ${title}`, async (t) => {
    const found = await detectRaces((options) => new Racy(options), run)
    const wanted = races.map((race): Expected => ({ count: 1, ...race }))
    t.deepEqual(found.map(asExpected), wanted)
  })
}

for (const { title, run } of CLEAN) {
  test(`clean: ${title}`, async (t) => {
    t.deepEqual(await detectRaces((options) => new Racy(options), run), [])
  })
}

test('the corpus has at least sixty jobs, half of them racy', (t) => {
  t.true(RACY.length >= 30)
  t.true(RACY.length + CLEAN.length >= 60)
})

function asExpected({ kind, path, outcome, earlier, later, count }: Race): Expected {
  return { kind, path, outcome, lines: [saidOf(earlier.line), saidOf(later.line)], count }
}

// What the comment on a line says.
function saidOf(line: string | undefined): string | undefined {
  const [, file, number] = /^(.*):(\d+):\d+$/.exec(line ?? '') ?? []
  if (file === undefined) return undefined
  const text = readFileSync(file.startsWith('file:') ? fileURLToPath(file) : file, 'utf8')
  return text.split('\n')[Number(number) - 1]!.split('// ')[1]
}
