import type { ExecutionContext } from 'ava'
import type { BrokenProject } from '../fixtures/doctor/broken.js'
import { USUAL } from '../fixtures/doctor/usual.js'
import { DoctorProject } from './doctor-project.js'

/** Asserts that the doctor finds the fault of a project and nothing else, names its file, and says how it is mended. */
export async function findsFault(
  t: ExecutionContext,
  { files, modules = [], options = {}, id, file, mend }: BrokenProject,
): Promise<void> {
  using project = new DoctorProject({ ...USUAL, ...files })
  const { healthy, findings } = await project.report({ modules, ...options })
  t.false(healthy)
  t.deepEqual(
    findings.map((finding) => [finding.id, finding.file]),
    [[id, file]],
    JSON.stringify(findings, null, 2),
  )
  t.true(findings[0]!.wayOut.includes(mend), `"${findings[0]!.wayOut}" does not say "${mend}"`)
}
