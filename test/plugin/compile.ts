import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { stop } from 'esbuild'
import { compile } from '../../src/plugin/compile.js'
import { root } from '../helpers/project.js'

const SOURCE = `import { concurrent, Job } from 'deco-ts'
export class A extends Job { @concurrent a(n: number): number { return n } }`

test.after.always(() => stop())

test('decorators and types are compiled by what is installed where the module lies', async (t) => {
  const { code, map } = await compile(SOURCE, `${root}src/a.ts`, 'auto', 'rolldown')
  t.regex(code, /decorateElement/)
  t.notRegex(code, /@concurrent|: number/)
  t.regex(map!, /"mappings"/)
})

test('a query is no part of the name of a file', async (t) => {
  const { code } = await compile(SOURCE, `${root}src/a.ts?v=1`, 'esbuild', 'Vite')
  t.notRegex(code, /: number/)
})

test('where nothing is installed the error says what can be', async (t) => {
  await t.throwsAsync(compile(SOURCE, join(tmpdir(), 'a.ts'), 'auto', 'rolldown'), {
    message:
      /^Cannot compile the decorators in \S*a\.ts: rolldown leaves them.* Way out: npm install --save-dev esbuild \(or @swc/,
  })
})

test('a compiler that is not installed is named, and so is one whose version cannot', async (t) => {
  await t.throwsAsync(compile(SOURCE, join(tmpdir(), 'a.ts'), 'swc', 'rolldown'), {
    message: /^Cannot compile .* with swc: @swc\/core is not installed.* Way out: npm install --save-dev @swc\/core/,
  })
  // TypeScript 7, which this project has.
  await t.throwsAsync(compile(SOURCE, `${root}src/a.ts`, 'typescript', 'rolldown'), {
    message: /^Cannot compile .* with typescript: typescript is not installed, or not a version that can be used here/,
  })
})
