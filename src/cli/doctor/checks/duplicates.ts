import { copiesOf } from '../copies.js'
import { type Finding, finding } from '../finding.js'
import type { Project } from '../project.js'

/** Whether one program may come to hold two copies of deco-ts, which know nothing of each other's classes. */
export function* duplicates(project: Project): Generator<Finding> {
  const copies = copiesOf('deco-ts', project)
  if (copies.length < 2) return
  const named = copies.map(({ folder, version, by }) => {
    const way = by.length === 0 ? '' : ` (by way of ${by.join(' → ')})`
    return `${version} in ${project.name(folder)}${way}`
  })
  yield finding(
    'two-copies',
    project.manifestName,
    `${copies.length} copies of deco-ts are installed: ${named.join(', ')}. Each has its own classes, jobs and errors: a job of one is none to the other.`,
    'one version for all: npm dedupe, ranges that agree, deco-ts in "peerDependencies" of libraries, or "overrides" in package.json ("pnpm.overrides", "resolutions")',
  )
}
