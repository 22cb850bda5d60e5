import { type Finding, finding } from '../finding.js'
import type { Project } from '../project.js'
import { isInRange } from '../version-range.js'

/** Whether deco-ts and what it works with have versions that go together. */
export function* packages(project: Project): Generator<Finding> {
  const { deco } = project
  if (deco === undefined) return
  const { version = '0.0.0', peerDependencies = {} } = deco.manifest
  const { dependencies, devDependencies, optionalDependencies, peerDependencies: asked } = project.manifest
  const range = { ...asked, ...optionalDependencies, ...devDependencies, ...dependencies }['deco-ts']
  if (range !== undefined && isInRange(version, range) === false) {
    const what = `${project.manifestName} asks for deco-ts ${range}, and ${version} is installed.`
    yield finding(
      'package-version',
      project.manifestName,
      what,
      `npm install, or another range in ${project.manifestName}`,
    )
  }
  for (const [entry, peers] of Object.entries(NEEDED_BY))
    yield* peersOf(
      project,
      entry,
      peers.flatMap((peer) => (peer in peerDependencies ? [[peer, peerDependencies[peer]!] as const] : [])),
    )
}

// What is needed by whom is asked of nobody else.
const NEEDED_BY = {
  'deco-ts/bullmq': ['bullmq', 'ioredis', 'msgpackr'],
  'deco-ts/eslint': ['eslint'],
  'deco-ts/plugin': ['unplugin'],
  'deco-ts/progress': ['cli-progress'],
}

type Peer = readonly [name: string, range: string]

function* peersOf(project: Project, entry: string, peers: readonly Peer[]): Generator<Finding> {
  const user = project.sources.find(({ text }) => text.includes(`'${entry}'`) || text.includes(`"${entry}"`))
  if (user === undefined) return
  const file = project.name(user.file)
  const missing = peers.flatMap(([name]) => (project.installed(name) === undefined ? [name] : []))
  if (missing.length > 0) {
    const what = `${file} imports ${entry}, which needs ${missing.join(', ')}: not installed.`
    yield finding('peer-missing', file, what, `npm install ${missing.join(' ')}`)
  }
  for (const [name, range] of peers) {
    const installed = project.versionOf(name)
    if (installed === undefined || isInRange(installed, range) !== false) continue
    const what = `${file} imports ${entry}, which works with ${name} ${range}; ${installed} is installed.`
    yield finding('peer-version', file, what, `npm install ${name}@"${range}"`)
  }
}
