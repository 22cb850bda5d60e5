// The example of a cluster, as a stranger starts it.

import { existsSync, statSync } from 'node:fs'
import test from 'ava'
import { Folder } from '../helpers/folder.js'
import { root } from '../helpers/project.js'
import { runNode } from '../helpers/run-program.js'

test('one command starts a Redis and two hosts, computes the grid as the serial loop does, and draws who did what', async (t) => {
  using folder = new Folder()
  const { code, output, stdout } = await runNode([`${root}build/examples/cluster/main.js`], { cwd: folder.path })
  t.is(code, 0, output)
  t.regex(stdout, /^identical 60,480 of 60,480 cells, bit for bit$/m)
  t.regex(stdout, /^north +[\d,]+ cells\nsouth +[\d,]+ cells$/m)
  t.true(existsSync(folder.file('cluster.png')) && statSync(folder.file('cluster.png')).size > 10_000)
})
