// What readers are given: every code block is a program that is run (by docs/readme.ts and docs/programs.ts), data that can be read, a
// command that exists, or says why it is a fragment; and every link leads somewhere. The site is built by `npm run docs`.

import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path/posix'
import test from 'ava'
import { type CodeBlock, codeBlocks } from './helpers/code-blocks.js'
import { anchorsOf, documents, linksOf, saidBy } from './helpers/document.js'
import { read, root } from './helpers/project.js'

for (const path of documents) {
  const text = read(path)
  const blocks = codeBlocks(text)

  test(`${path}: every code block is one of what is checked`, (t) => {
    t.is(blocks.length, [...text.matchAll(/^```/gm)].length / 2)
    const faults = blocks.flatMap((block) => {
      const fault = block.fragment === undefined ? faultOf(path, block) : undefined
      return fault === undefined ? [] : [`line ${block.line}: ${fault}`]
    })
    t.deepEqual(faults, [])
  })

  test(`${path}: every link leads to a file, and to a place in it`, (t) => {
    const lost = linksOf(path).filter(({ file, anchor }) => !isThere(file, anchor))
    t.deepEqual(lost, [])
  })
}

test('docs/README.md names every page of docs/, and the README names docs/README.md', (t) => {
  const named = new Set(linksOf('docs/README.md').map(({ file }) => file))
  const pages = documents.filter((path) => path.startsWith('docs/') && path !== 'docs/README.md')
  t.deepEqual(
    pages.filter((path) => !named.has(path)),
    [],
  )
  t.true(linksOf('README.md').some(({ file }) => file === 'docs/README.md'))
})

function isThere(file: string, anchor: string | undefined): boolean {
  if (!existsSync(`${root}${file}`) || statSync(`${root}${file}`).isDirectory()) return false
  return anchor === undefined || anchorsOf(read(file)).includes(anchor)
}

// What is wrong with a block that is no fragment.
function faultOf(path: string, block: CodeBlock): string | undefined {
  const { language, code, file } = block
  if (language === 'ts') {
    // The README shows things; its programs need only run.
    const isChecked = path === 'README.md' || file !== undefined || /\bassert\b/.test(code) || saidBy(block) !== ''
    return isChecked ? undefined : 'it asserts nothing, and does not say what it prints'
  }
  if (language === 'json') return isJson(code) ? undefined : 'it is no JSON'
  if (language === 'sh') return unknownIn(code)
  if (language === 'diff') return /^\+/m.test(code) && /^-/m.test(code) ? undefined : 'it has one side'
  return `${language || 'a block without a language'} is not checked by anything: say why, in <!-- fragment: reason -->`
}

function isJson(code: string): boolean {
  try {
    JSON.parse(code)
    return true
  } catch {
    return false
  }
}

// A script that its package.json does not have, or a file that is not there.
function unknownIn(commands: string): string | undefined {
  for (const [, folder, script] of commands.matchAll(/\bnpm (?:--prefix (\S+) )?(?:run )?([\w:-]+)/g)) {
    const { scripts = {} } = JSON.parse(read(join(folder ?? '.', 'package.json'))) as { scripts?: object }
    if (!(script! in scripts) && !['ci', 'install'].includes(script!)) return `there is no script ${script}`
  }
  for (const [, file] of commands.matchAll(/\bnode ([\w./-]+)/g)) {
    const source = file!.replace(/^build\/(.*)\.js$/, '$1.ts')
    if (!existsSync(`${root}${source}`)) return `there is no ${source}`
  }
  return undefined
}
