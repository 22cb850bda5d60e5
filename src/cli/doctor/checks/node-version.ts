import { join } from 'node:path'
import { type Finding, finding } from '../finding.js'
import type { Project } from '../project.js'
import { isBefore, isInRange } from '../version-range.js'

// Long-term releases by their names, as .nvmrc has them: all before version 20.
const OLD_NAMES = /^lts\/(argon|boron|carbon|dubnium|erbium|fermium|gallium|hydrogen)$/i

/** Whether deco-ts runs on the version of Node.js, this one and those that the project asks for. */
export function* nodeVersion(project: Project): Generator<Finding> {
  const { node: range = '>=0' } = project.own.manifest.engines ?? {}
  const wayOut = `Node.js ${range}: nvm install 22, for example`
  if (isInRange(project.node, range) === false)
    yield finding('node-version', null, `This is Node.js ${project.node}; deco-ts needs ${range}.`, wayOut)
  for (const [name, version] of pinned(project)) {
    if (OLD_NAMES.test(version) || isTooOld(version, range))
      yield finding('node-version', name, `${name} asks for Node.js ${version}; deco-ts needs ${range}.`, wayOut)
  }
  const asked = project.manifest.engines?.node
  if (asked !== undefined && admitsOlder(asked, range)) {
    const name = project.manifestName
    const what = `"engines" in ${name} admits Node.js ${asked}, also versions on which deco-ts does not run: it needs ${range}.`
    yield finding('engines', name, what, `"engines": { "node": "${range}" } in ${name}`)
  }
}

function* pinned(project: Project): Generator<readonly [name: string, version: string]> {
  for (const file of ['.nvmrc', '.node-version']) {
    const text = project.read(join(project.folder, file))?.trim()
    if (text) yield [project.name(join(project.folder, file)), text]
  }
  const { node } = project.manifest.volta ?? {}
  if (node !== undefined) yield [project.manifestName, node]
}

// What is left out stands for the latest: 20 may be any 20.
function isTooOld(version: string, range: string): boolean {
  const [major, minor = '999', patch = '999'] = version.replace(/^v/, '').split('.')
  return /^\d+$/.test(major!) && isInRange([major, minor, patch].join('.'), range) === false
}

// The last releases of each line that are too old, and the first ones of it.
const OLDER = ['12.22.0', '14.21.0', '16.20.0', '18.0.0', '18.20.0', '20.0.0', '20.18.0']

function admitsOlder(asked: string, range: string): boolean {
  const lowest = /\d+(\.\d+)*/.exec(range)?.[0] ?? '0'
  return OLDER.some((version) => isBefore(version, lowest) && isInRange(version, asked) === true)
}
