import { type Finding, finding } from '../finding.js'
import type { Project } from '../project.js'

/** Whether the project has deco-ts, and this command is that one's. */
export function* installation(project: Project): Generator<Finding> {
  const { deco, own } = project
  if (deco === undefined) {
    const file = project.file('package.json')
    yield finding(
      'not-installed',
      file === undefined ? null : project.name(file),
      `deco-ts cannot be found from ${project.folder}${file === undefined ? ', which has no package.json' : ''}.`,
      'npm install deco-ts in that folder, or deco doctor --cwd with the folder of the project',
    )
  } else if (deco.folder !== own.folder) {
    yield finding(
      'foreign-command',
      null,
      `This command belongs to the deco-ts in ${own.folder}; the project uses the one in ${deco.folder}, whose classes this one cannot see.`,
      `npx deco doctor in ${project.folder}, which takes the project's own`,
    )
  }
}
