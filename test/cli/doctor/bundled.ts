import test from 'ava'
import { rollup } from 'rollup'
import { COMPILED, installed, USUAL } from '../../fixtures/doctor/usual.js'
import { DoctorProject } from '../../helpers/doctor-project.js'
import { root } from '../../helpers/project.js'

test('a bundle that holds deco-ts itself is told of', async (t) => {
  const files = { 'node_modules/tinypool': installed('tinypool') }
  using project = new DoctorProject({ ...USUAL, ...files, 'dist/scoring.js': COMPILED })
  const bundle = await rollup({
    logLevel: 'silent',
    input: project.path('dist/scoring.js'),
    external: [/^node:/, 'tinypool'],
    plugins: [{ name: 'resolve', resolveId: (id) => (id === 'deco-ts' ? `${root}dist/index.js` : undefined) }],
  })
  await bundle.write({ file: project.path('bundle/scoring.js') })
  await bundle.close()
  const { findings } = await project.report({ modules: ['bundle/scoring.js'] })
  t.deepEqual(
    findings.map(({ id, file }) => [id, file]),
    [['bundled-worker', 'bundle/scoring.js']],
  )
  t.true(findings[0]!.wayOut.includes("packages: 'external'"))
})
