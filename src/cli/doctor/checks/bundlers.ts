import { type Finding, finding } from '../finding.js'
import type { Project } from '../project.js'
import { isBefore } from '../version-range.js'

/** Whether bundlers compile decorators, and leave deco-ts where its workers are found. */
export function* bundlers(project: Project): Generator<Finding> {
  if (project.decorated.length > 0) {
    yield* vite(project)
    for (const name of ['rolldown', 'tsdown'])
      for (const config of configsOf(project, name))
        yield* needsPlugin(project, config, `${name} compiles no standard decorators`)
    yield* targets(project)
  }
  if (project.sources.length > 0) yield* merging(project)
}

/** What a bundler is told: in a file without its comments, or in a script of package.json. */
interface Config {
  readonly file: string
  readonly name: string
  readonly text: string
}

const EXTENSIONS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']

function configsOf(project: Project, name: string): Config[] {
  return configsAt(
    project,
    EXTENSIONS.map((extension) => `${name}.config.${extension}`),
  )
}

function configsAt(project: Project, names: readonly string[]): Config[] {
  const file = project.file(...names)
  const text = file === undefined ? undefined : project.read(file)
  return text === undefined
    ? []
    : [{ file: project.name(file!), name: project.name(file!), text: withoutComments(text) }]
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|[\s,;{}()])\/\/.*$/gm, '$1')
}

// esbuild has no configuration of its own: it is called by a script of the package, or by a small program. What is bundled for
// browsers has no workers of Node.js.
function* esbuilds(project: Project): Generator<Config & { readonly isCommand: boolean }> {
  const file = project.manifestName
  for (const [script, command] of Object.entries(project.manifest.scripts ?? {}))
    if (/(^|[\s;&|"'/])esbuild\s/.test(command) && /--platform=node\b/.test(command))
      yield { file, name: `the script "${script}" of ${file}`, text: command, isCommand: true }
  const programs = ['esbuild.config', 'esbuild', 'build', 'scripts/build', 'scripts/esbuild']
  for (const program of programs) {
    const names = EXTENSIONS.map((extension) => `${program}.${extension}`)
    for (const config of configsAt(project, names))
      if (/['"]esbuild['"]/.test(config.text) && /\bplatform\s*:\s*['"]node['"]/.test(config.text))
        yield { ...config, isCommand: false }
  }
}

// Plugins that compile decorators; of Babel's, only what speaks of decorators is meant.
const COMPILES =
  /deco-ts\/plugin|(unplugin|rollup-plugin|vite-plugin)-(swc|esbuild|typescript)|rollup-plugin-(typescript2|swc3)|@rollup\/plugin-(typescript|swc)|plugin-(proposal-)?decorators|\bts\.transpile|\btransformSync\(|\btransform\(.*decorat|esbuild['"]/

function* needsPlugin(project: Project, { file, name, text }: Config, why: string): Generator<Finding> {
  if (COMPILES.test(text)) return
  const what = `${name} has no plugin that compiles decorators: ${why}, and Node.js cannot read them.`
  const other = 'unplugin-swc with "decoratorVersion": "2022-03", or @rollup/plugin-typescript'
  yield finding('bundler-decorators', file, what, `${plugin(project) ?? other} among the plugins of ${name}`)
}

// As far as this version of deco-ts brings one.
function plugin(project: Project): string | undefined {
  const { exports = {} } = project.own.manifest
  return Object.hasOwn(exports, './plugin') ? "the plugin of deco-ts (import deco from 'deco-ts/plugin')" : undefined
}

// Up to version 7 Vite has esbuild compile what is older than its target.
function* vite(project: Project): Generator<Finding> {
  const version = project.versionOf('vite')
  if (version === undefined) return
  const configs = [...configsOf(project, 'vite'), ...configsOf(project, 'vitest')].slice(0, 1)
  for (const config of configs) {
    if (!isBefore(version, '8.0.0'))
      yield* needsPlugin(project, config, `Vite ${version} compiles no standard decorators`)
    else if (keeps(config.text) && !COMPILES.test(config.text)) {
      const { file, name } = config
      const what = `The target in ${name} is "esnext", for which Vite ${version} leaves decorators as they are, and Node.js cannot read them.`
      yield finding('bundler-decorators', file, what, `build: { target: 'es2022' } in ${name}`)
    }
  }
}

// A target of esbuild's own, beside that of the build, goes first.
function keeps(text: string): boolean {
  return /\btarget\s*:\s*['"]esnext['"]/i.test(text) && !/\btarget\s*:\s*\[?\s*['"](es20|node)/i.test(text)
}

function* targets(project: Project): Generator<Finding> {
  for (const { file, name, text, isCommand } of esbuilds(project)) {
    const [, target] = (isCommand ? /--target=(\S+)/ : /\btarget\s*:\s*([^\n]+)/).exec(text) ?? []
    if ((target !== undefined && !/^\W*esnext\b/i.test(target)) || COMPILES.test(text.replace(/['"]esbuild['"]/, '')))
      continue
    const what = `${target === undefined ? 'No target is set' : 'The target is "esnext"'} in ${name}: esbuild leaves decorators as they are, and Node.js cannot read them.`
    const wayOut = isCommand ? `--target=node20 in ${name}` : `target: 'node20' in ${name}`
    yield finding('decorators-kept', file, what, wayOut)
  }
}

/** deco-ts as a part of the bundle looks for its workers beside the bundle, where they are not. */
function* merging(project: Project): Generator<Finding> {
  const merged = ({ file, name }: Config, how: string, external: string) => {
    const what = `${name} ${how}: deco-ts becomes a part of the bundle, beside which its workers are not found.`
    const own = plugin(project)
    const wayOut = `${external} in ${name}, so that deco-ts stays in node_modules${own === undefined ? '' : `; or ${own}`}`
    return finding('bundled-worker', file, what, wayOut)
  }
  for (const config of esbuilds(project)) {
    const { text, isCommand } = config
    if (isCommand ? isExternalCommand(text) : isExternalCall(text)) continue
    yield merged(config, 'bundles packages', isCommand ? '--packages=external' : "packages: 'external'")
  }
  for (const config of configsOf(project, 'webpack')) {
    const { text } = config
    if (!/\btarget\s*:\s*['"](async-)?node/.test(text) || /\bexternals\b|node-?externals|deco-ts\/plugin/i.test(text))
      continue
    yield merged(config, 'has no externals', "externals: { 'deco-ts': 'module deco-ts' }")
  }
  for (const config of configsOf(project, 'rollup')) {
    const { text } = config
    if (!/plugin-node-resolve/.test(text) || /deco-ts|\bexternal\b|node-externals|\bbrowser\s*:\s*true/.test(text))
      continue
    yield merged(config, 'takes packages into the bundle', 'external: [/^deco-ts/]')
  }
  for (const config of configsOf(project, 'vite')) {
    const { text } = config
    if (!/\bnoExternal\s*:\s*(true|[^\n]*deco-ts)/.test(text) || /deco-ts\/plugin/.test(text)) continue
    yield merged(config, 'takes packages into the bundle ("noExternal")', "ssr: { external: ['deco-ts'] }")
  }
}

function isExternalCommand(command: string): boolean {
  return !/--bundle\b/.test(command) || /--external:(["']?)(deco-ts|\*)\1|--packages=external/.test(command)
}

function isExternalCall(text: string): boolean {
  return !/\bbundle\s*:\s*true\b/.test(text) || /packages\s*:\s*['"]external|['"]deco-ts(\/\*|\/plugin)?['"]/.test(text)
}
