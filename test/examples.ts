// Every example ends by itself, and its own assertions hold. The demo and the gallery, which take longest, are run by .ci/run, and
// the cluster by the tests that have a Redis.

import { existsSync, readdirSync } from 'node:fs'
import test from 'ava'
import { root } from './helpers/project.js'
import { runNode } from './helpers/run-program.js'

const folder = `${root}build/examples/`
const elsewhere = ['climate', 'cluster', 'mandelbrot', 'options', 'raytracer', 'thumbnails', 'words']
const names = readdirSync(folder).filter((name) => !elsewhere.includes(name) && existsSync(`${folder}${name}/main.js`))

// One at a time: each takes all processors.
for (const name of names) {
  test.serial(name, async (t) => {
    const { code, output } = await runNode([`${folder}${name}/main.js`])
    t.is(code, 0, output)
  })
}
