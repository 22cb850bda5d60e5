// Two copies of the package in one program: each works by itself, and they refuse to be mixed.

import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { root } from './helpers/project.js'
import { type Outcome, runNode } from './helpers/run-program.js'

const COMPILED = `
import { concurrent, Job } from 'deco-ts'
const { value } = Object.getOwnPropertyDescriptor(class { double(n) { return 2 * n } }.prototype, 'double')
export class Doubling extends Job {
  static {
    const metadata = this[Symbol.metadata] = Object.create(null)
    const context = { kind: 'method', name: 'double', static: false, private: false, metadata, addInitializer() {} }
    Object.defineProperty(this.prototype, 'double', { value: concurrent(value, context), writable: true, configurable: true })
  }
}
`

let folder: string
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'copies-'))
  for (const owner of ['', 'inner']) {
    const copy = join(folder, owner, 'node_modules/deco-ts')
    mkdirSync(copy, { recursive: true })
    cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true })
    cpSync(join(root, 'package.json'), join(copy, 'package.json'))
    writeFileSync(join(folder, owner, 'package.json'), JSON.stringify({ type: 'module' }))
    writeFileSync(join(folder, owner, 'doubling.js'), COMPILED)
  }
  symlinkSync(join(root, 'node_modules/tinypool'), join(folder, 'node_modules/tinypool'))
})
test.after.always(() => rmSync(folder, { recursive: true, force: true }))

function run(name: string, code: string): Promise<Outcome> {
  writeFileSync(
    join(folder, name),
    `import { threads, inline } from 'deco-ts'
    import { recording } from 'deco-ts/testing'
    import { Doubling as Own } from './doubling.js'
    import { Doubling as Inner } from './inner/doubling.js'
    ${code}`,
  )
  return runNode([join(folder, name)])
}

test('two copies run jobs beside each other', async (t) => {
  const { code, stdout, output } = await run(
    'both.js',
    'console.log(await new Own().double(1), await new Inner().double(2))',
  )
  t.is(code, 0, output)
  t.is(stdout, '2 4\n')
})

for (const executor of ['threads()', 'inline()']) {
  test(`a job is not given ${executor} of another copy`, async (t) => {
    const { output } = await run(`${executor.slice(0, -2)}.js`, `new Inner({ executor: ${executor} })`)
    t.regex(
      output,
      /TypeError: Cannot use this executor for the executor of Doubling: it was made by another copy of deco-ts/,
    )
    t.regex(output, /inner\/node_modules\/deco-ts\/dist/)
    t.regex(output, /npm dedupe/)
  })
}

test('a class of another copy that gets through to a worker is a RegistrationError that names both', async (t) => {
  const { output } = await run(
    'through.js',
    'await new Inner({ executor: recording(threads({ workers: 1 })) }).double(1)',
  )
  t.regex(output, /RegistrationError: Cannot find .*double in a worker: .*inner\/doubling\.js .* copy of deco-ts/)
  t.regex(output, /inner\/node_modules\/deco-ts\/dist/)
})
