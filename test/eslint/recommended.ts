import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import test from 'ava'
import deco from '../../src/eslint/index.js'
import { codeBlocks } from '../helpers/code-blocks.js'
import { lint, versions } from '../helpers/eslint.js'
import { read, root } from '../helpers/project.js'

const folder = `${root}build/eslint-project/`

const JOB = `import { concurrent, Job } from 'deco-ts'
export class Scores extends Job {
  @concurrent score(n: number): number { return n ** 2 }
  isGood(n: number): boolean { return this.score(n) > 3 }
}
`

test.before(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    `${folder}eslint.config.mjs`,
    "import deco from 'deco-ts/eslint'\n\nexport default [deco.configs.recommended]\n",
  )
  writeFileSync(`${folder}scores.ts`, JOB)
})

for (const { ESLint } of versions) {
  test(`under ESLint ${ESLint.version} the configuration of the documentation lints TypeScript`, async (t) => {
    const results = await new ESLint({ cwd: folder }).lintFiles(['.'])
    t.deepEqual(
      results.map(({ filePath, messages }) => [basename(filePath), messages.map(({ ruleId, line }) => [ruleId, line])]),
      [
        ['eslint.config.mjs', []],
        ['scores.ts', [['deco-ts/no-early-use', 4]]],
      ],
    )
  })

  test(`under ESLint ${ESLint.version} nothing is reported in the examples`, async (t) => {
    const eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: deco.configs.recommended })
    const results = await eslint.lintFiles(['examples/**/*.ts'])
    const files = readdirSync(`${root}examples`, { recursive: true, encoding: 'utf8' })
    t.is(results.length, files.filter((file) => file.endsWith('.ts')).length)
    for (const { filePath, messages } of results) t.deepEqual(messages, [], filePath)
  })
}

test('nothing is reported in the TypeScript of the README', async (t) => {
  const blocks = codeBlocks(read('README.md')).filter(
    ({ language, fragment }) => language === 'ts' && fragment === undefined,
  )
  t.true(blocks.length > 0)
  for (const { code, line } of blocks) t.deepEqual(lint(code), [], `line ${line}`)
})

test('all rules are on, and lead to their documentation', (t) => {
  const { rules = {} } = deco.configs.recommended
  t.deepEqual(
    Object.entries(rules),
    Object.keys(deco.rules).map((name) => [`deco-ts/${name}`, 'error']),
  )
  for (const [name, { meta }] of Object.entries(deco.rules))
    t.true(meta!.docs!.url!.endsWith(`/docs/eslint.md#${name}`))
})

test('a variable that is allowed may change in a concurrent method', async (t) => {
  const code = `import { concurrent, Job } from 'deco-ts'
    let last = 0
    export class Scores extends Job {
      @concurrent score(n: number): number { return (last = n) }
    }`
  t.is(lint(code).length, 1)
  t.deepEqual(lint(`/* eslint deco-ts/no-module-state: ['error', { allow: ['last'] }] */\n${code}`), [])
})

test('a function that is allowed may be given a Future', async (t) => {
  const code = `import { concurrent, Job } from 'deco-ts'
    import { add } from './queue.js'
    export class Scores extends Job {
      @concurrent score(n: number): number { return n ** 2 }
      run(): void { add(this.score(1)) }
    }`
  t.is(lint(code).length, 1)
  t.deepEqual(lint(`/* eslint deco-ts/no-early-use: ['error', { allow: ['add'] }] */\n${code}`), [])
})
