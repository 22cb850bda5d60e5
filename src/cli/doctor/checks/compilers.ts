import { join } from 'node:path'
import { type Finding, finding } from '../finding.js'
import type { Project } from '../project.js'
import { isBefore } from '../version-range.js'

/** Whether the compilers that are installed, and their configurations, know standard decorators with metadata. */
export function* compilers(project: Project): Generator<Finding> {
  if (!project.compilesDecorators) return
  yield* versions(project)
  yield* swc(project)
  yield* babel(project)
}

// The first versions that compile standard decorators and give them metadata.
const FIRST = { typescript: '5.2.0', esbuild: '0.21.3' }

// Of what others have installed for themselves nothing is known, but what Vite and tsx compile with.
function* versions(project: Project): Generator<Finding> {
  const asked = { ...project.manifest.dependencies, ...project.manifest.devDependencies }
  const candidates = [
    ['typescript', project.folder, 'typescript'],
    ['esbuild', project.folder, 'esbuild'],
    ['esbuild', project.installed('tsx')?.folder, 'tsx'],
    ['esbuild', project.installed('vite')?.folder, 'vite'],
  ] as const
  const seen = new Set<string>()
  for (const [name, from, by] of candidates) {
    const found = from === undefined || !(by in asked) ? undefined : project.installed(name, from)
    const { version } = found?.manifest ?? {}
    if (found === undefined || version === undefined || !isBefore(version, FIRST[name]) || seen.has(found.folder))
      continue
    seen.add(found.folder)
    const where = project.name(found.folder)
    const what = `${name} ${version} is installed in ${where}: it compiles decorators with metadata from ${FIRST[name]} on.`
    yield finding('compiler-version', where, what, `npm install --save-dev ${by}@latest`)
  }
}

interface Swcrc {
  readonly jsc?: {
    readonly parser?: { readonly decorators?: boolean }
    readonly transform?: { readonly legacyDecorator?: boolean; readonly decoratorVersion?: string }
  }
}

function* swc(project: Project): Generator<Finding> {
  const file = join(project.folder, '.swcrc')
  const name = project.name(file)
  let content: Swcrc | undefined
  try {
    content = project.json(file) as Swcrc | undefined
  } catch (error) {
    yield finding('swc-decorators', name, `${name} cannot be read: ${(error as Error).message}.`, `mend ${name}`)
  }
  if (content === undefined) return
  const { parser = {}, transform = {} } = content.jsc ?? {}
  const version = '"decoratorVersion": "2022-03" in "jsc.transform"'
  if (transform.legacyDecorator === true) {
    const what = `"legacyDecorator" is on in ${name}: decorators are compiled as the legacy ones, which deco-ts refuses.`
    yield finding('legacy-decorators', name, what, `${version} of ${name} instead of it`)
  } else if (parser.decorators !== true) {
    const what = `"jsc.parser.decorators" is not on in ${name}: swc stops at the first decorator.`
    yield finding('swc-decorators', name, what, `"decorators": true in "jsc.parser" of ${name}, and ${version}`)
  } else if (!/^202[2-9]-/.test(transform.decoratorVersion ?? '')) {
    const what = `"decoratorVersion" is ${transform.decoratorVersion ?? 'not set'} in ${name}: swc compiles decorators as they were in 2021, without metadata.`
    yield finding('swc-decorators', name, what, `${version} of ${name}`)
  }
}

const BABEL_FILES = [
  ...['babel.config.json', 'babel.config.js', 'babel.config.mjs', 'babel.config.cjs'],
  ...['.babelrc', '.babelrc.json', '.babelrc.js', '.babelrc.cjs'],
]

// Babel may be there for something else, where tsc or esbuild compiles the classes: only what it says of decorators counts.
function* babel(project: Project): Generator<Finding> {
  const file = project.file(...BABEL_FILES)
  const { babel: inManifest } = project.manifest
  const text =
    file !== undefined ? project.read(file) : inManifest === undefined ? undefined : JSON.stringify(inManifest)
  const name = file === undefined ? project.manifestName : project.name(file)
  const [, rest] = /plugin-proposal-decorators['"]\s*([\s\S]{0,200})/.exec(text ?? '') ?? []
  if (rest === undefined) return
  const options = /^,\s*\{([\s\S]*?)\}/.exec(rest)?.[1] ?? ''
  const [, version] = /version['"]?\s*:\s*['"]([\w-]+)['"]/.exec(options) ?? []
  const wayOut = `["@babel/plugin-proposal-decorators", { "version": "2023-11" }] in ${name}`
  if (/legacy['"]?\s*:\s*true/.test(options) || version === 'legacy') {
    const what = `${name} compiles decorators as the legacy ones, which deco-ts refuses.`
    yield finding('legacy-decorators', name, what, wayOut)
  } else if (version !== '2023-11' && version !== '2023-05') {
    const what = `${name} asks for the decorators of ${version ?? 'no version'}: their contexts have no metadata, or Babel refuses it.`
    yield finding('babel-decorators', name, what, wayOut)
  }
}
