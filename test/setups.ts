// The projects in examples/setups are run by `npm run test:setups`; here is what needs no installing.

import { existsSync, readdirSync } from 'node:fs'
import test from 'ava'
import { read, root } from './helpers/project.js'

const setups = readdirSync(`${root}examples/setups`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(`${root}examples/setups/${entry.name}/package.json`))
  .map(({ name }) => name)

for (const name of setups) {
  test(`${name} is described, depends on this version, and on exact versions of everything else`, (t) => {
    t.true(read('docs/runtimes.md').includes(`(../examples/setups/${name}/README.md)`))
    t.true(existsSync(`${root}examples/setups/${name}/README.md`))
    const { version } = JSON.parse(read('package.json')) as { version: string }
    for (const file of readdirSync(`${root}examples/setups/${name}`, { recursive: true, encoding: 'utf8' })) {
      if (!/(^|\/)package\.json$/.test(file) || file.includes('node_modules')) continue
      const { dependencies = {}, devDependencies = {} } = JSON.parse(read(`examples/setups/${name}/${file}`)) as Record<
        string,
        Record<string, string>
      >
      t.is(dependencies['deco-ts'] ?? version, version, file)
      for (const [dependency, wanted] of Object.entries({ ...dependencies, ...devDependencies }))
        t.regex(wanted, /^(\d+\.\d+\.\d+|workspace:\*)$/, `${file}: ${dependency}`)
    }
  })
}
