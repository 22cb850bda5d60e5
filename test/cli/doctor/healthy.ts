import test from 'ava'
import { HEALTHY } from '../../fixtures/doctor/healthy.js'
import { USUAL } from '../../fixtures/doctor/usual.js'
import { DoctorProject } from '../../helpers/doctor-project.js'

for (const { name, files, modules = [] } of HEALTHY)
  test.serial(`nothing is to be mended: ${name}`, async (t) => {
    using project = new DoctorProject({ ...USUAL, ...files })
    const { healthy, findings, modules: reports } = await project.report({ modules })
    t.deepEqual(findings, [])
    t.true(healthy)
    t.deepEqual(
      reports.map(({ file, loaded }) => [file, loaded]),
      modules.map((file) => [file, true]),
    )
    for (const { methods } of reports)
      t.deepEqual(
        methods.map((method) => `${method.class}.${method.method}`),
        ['Scoring.score', 'Scoring.sort'],
      )
  })
