// The examples of docs/testing.md, each with its own runner, from the packed package.

import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { codeBlocks } from '../helpers/code-blocks.js'
import { InstalledPackage } from '../helpers/installed-package.js'
import { command, read, root } from '../helpers/project.js'

const blocks = codeBlocks(read('docs/testing.md'))

const RUNNERS = {
  'node:test': { args: ['--test'], passed: /^# pass 4$/m },
  ava: { args: [command('ava')], passed: /4 tests passed/ },
  vitest: { args: [command('vitest'), 'run'], passed: /Tests\s+4 passed/ },
}

let installed: InstalledPackage

test.before(async (t) => {
  installed = await InstalledPackage.create()
  for (const name of ['ava', 'vitest'])
    symlinkSync(`${root}node_modules/${name}`, join(installed.folder, 'node_modules', name))

  installed.write('tsconfig.json', codeBlocks(read('README.md')).find(({ language }) => language === 'json')!.code)
  installed.write('climate.ts', blocks.find(({ file }) => file === 'climate.ts')!.code)
  for (const name of Object.keys(RUNNERS)) installed.write(fileOf(name, 'ts'), codeFor(name))
  // The declarations of Vitest and of what it builds on contradict each other.
  const compiled = await installed.run(process.execPath, [command('typescript', 'tsc'), '--skipLibCheck'])
  t.is(compiled.code, 0, compiled.output)
})

test.after.always(() => installed?.remove())

for (const [name, { args, passed }] of Object.entries(RUNNERS)) {
  test.serial(`the example for ${name} passes`, async (t) => {
    const { code, output } = await installed.run(process.execPath, [...args, fileOf(name, 'js')])
    t.is(code, 0, output)
    t.regex(output, passed)
  })
}

function fileOf(runner: string, extension: string): string {
  return `${runner.replace(':', '-')}.test.${extension}`
}

function codeFor(runner: string): string {
  return blocks.find(({ code }) => code.includes(`from '${runner}'`))!.code
}
