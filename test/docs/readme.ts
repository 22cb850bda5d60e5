import { writeFileSync } from 'node:fs'
import test from 'ava'
import * as deco from '../../src/index.js'
import { type CodeBlock, codeBlocks } from '../helpers/code-blocks.js'
import { folderOf, nameOf, runsEveryBlock } from '../helpers/document.js'
import { read } from '../helpers/project.js'
import { runNode } from '../helpers/run-program.js'

const readme = read('README.md')
const blocks = codeBlocks(readme)
const folder = folderOf('README.md')

const more = Object.fromEntries(
  blocks
    .filter(({ language }) => language === 'diff')
    .flatMap((block) => [
      [`${folder}${nameOf(block)}-before.ts`, sideOf(block, '-')],
      [`${folder}${nameOf(block)}-after.ts`, sideOf(block, '+')],
    ]),
)

runsEveryBlock(test, ['README.md'], more)

test('both sides of the diff give the same result', async (t) => {
  const diff = nameOf(blocks.find(({ language }) => language === 'diff')!)
  const sides = await Promise.all(
    ['before', 'after'].map((side) => {
      const main = `${folder}${diff}-${side}-main.js`
      writeFileSync(
        main,
        `import { Climate } from './${diff}-${side}.js'
        console.log(JSON.stringify([...new Climate().processDataSet([1, 2, 3], [4, 5])]))`,
      )
      return runNode([main])
    }),
  )
  t.is(sides[0]!.stdout, '[["1,4",4],["1,5",5],["2,4",8],["2,5",10],["3,4",12],["3,5",15]]\n', sides[0]!.output)
  t.is(sides[1]!.stdout, sides[0]!.stdout, sides[1]!.output)
})

test('every public name is in the README', (t) => {
  const unsaid = Object.keys(deco).filter((name) => !readme.includes(name))
  t.deepEqual(unsaid, [])
})

test('the figures of the README are those that the bench wrote', (t) => {
  const [, written] = readme.match(/<!-- bench: [^>]+>\n\n(.*)<!-- \/bench -->/s)!
  t.is(written, read('bench/results/readme.md'))
})

function sideOf({ code }: CodeBlock, sign: '-' | '+'): string {
  const lines = code.split('\n').filter((line) => !/^[-+]/.test(line) || line.startsWith(sign))
  return lines.map((line) => line.replace(/^[-+ ]/, '')).join('\n')
}
