import { pathToFileURL } from 'node:url'
import test from 'ava'
import { read, root } from './helpers/project.js'

const { MUTANTS } = (await import(pathToFileURL(`${root}scripts/mutants.mjs`).href)) as {
  MUTANTS: Record<string, { file: string; from: string; to: string }>
}

for (const [rule, { file, from, to }] of Object.entries(MUTANTS)) {
  test(`the mutant of the rule '${rule}' fits the source`, (t) => {
    t.is(read(file).split(from).length, 2, `${from} stands once in ${file}`)
    t.not(from, to)
  })
}
