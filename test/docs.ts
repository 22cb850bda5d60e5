import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { codeBlocks } from './helpers/code-blocks.js'
import { folderFor, runsEveryBlock } from './helpers/document.js'
import { read, root } from './helpers/project.js'

const documents = readdirSync(`${root}docs`).filter((name) => name.endsWith('.md'))

const withPrograms = documents.filter((name) =>
  codeBlocks(read(`docs/${name}`)).some(({ fragment }) => fragment === undefined),
)

for (const name of withPrograms) runsEveryBlock(test, `docs/${name}`, folderFor(`docs/${name.replace(/\.md$/, '')}`))

for (const name of withPrograms) {
  const text = read(`docs/${name}`)

  test(`docs/${name} has TypeScript blocks alone, unless one says why`, (t) => {
    for (const { language, fragment, line } of codeBlocks(text))
      t.true(language === 'ts' || fragment !== undefined, `line ${line}`)
  })

  test(`docs/${name}: every program asserts something`, (t) => {
    for (const { code, file, fragment, line } of codeBlocks(text))
      t.true(file !== undefined || fragment !== undefined || /\bassert\b/.test(code), `line ${line}`)
  })
}

for (const name of documents) {
  const text = read(`docs/${name}`)

  test(`docs/${name}: every file that is linked to exists`, (t) => {
    const paths = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => join('docs', path!))
    t.deepEqual(
      paths.filter((path) => !existsSync(`${root}${path}`)),
      [],
    )
  })

  test(`the README links to docs/${name}`, (t) => {
    t.true(read('README.md').includes(`(docs/${name})`))
  })
}
