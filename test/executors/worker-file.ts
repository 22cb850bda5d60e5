import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { build, stop } from 'esbuild'
import { root } from '../helpers/project.js'
import { runNode } from '../helpers/run-program.js'

const folder = mkdtempSync(join(tmpdir(), 'deco-ts-worker-file-'))
const outfile = join(folder, 'dist/main.mjs')
test.before('a program is bundled, and deco-ts with it', async () => {
  const entryPoints = [`${root}test/fixtures/toolchains/main.ts`]
  await build({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', target: 'es2022' })
})
test.after.always(async () => {
  rmSync(folder, { recursive: true, force: true })
  await stop()
})

for (const DECO_EXECUTOR of ['threads', 'processes']) {
  test(`a program that was bundled without the plugin is told of it (${DECO_EXECUTOR})`, async (t) => {
    const ran = await runNode([outfile], { env: { ...process.env, DECO_EXECUTOR } })
    t.not(ran.code, 0)
    t.regex(ran.output, /DecoError: Cannot start a worker: .*worker.*\.js is not there, .* Way out: deco-ts\/plugin/)
  })
}
