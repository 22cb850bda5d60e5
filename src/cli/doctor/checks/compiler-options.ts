import { type Finding, finding } from '../finding.js'
import type { Project } from '../project.js'
import type { CompilerOption, Tsconfig } from '../tsconfig.js'
import { isBefore } from '../version-range.js'

/** Whether tsconfig.json can be read, and compiles decorators as deco-ts needs them. */
export function* compilerOptions(project: Project): Generator<Finding> {
  if (!project.compilesDecorators) return
  for (const config of project.tsconfigs) {
    for (const { file, why } of config.problems) {
      const what = `${project.name(file)} cannot be used: ${why}.`
      yield finding('tsconfig-unreadable', project.name(file), what, 'mend that file, or install what it extends')
    }
    yield* decorators(project, config)
    yield* target(project, config)
  }
}

function* decorators(project: Project, { options }: Tsconfig): Generator<Finding> {
  const legacy = options.get('experimentalDecorators')
  const metadata = options.get('emitDecoratorMetadata')
  if (legacy?.value === true) {
    const file = project.name(legacy.file)
    const [and, both] =
      metadata?.value === true ? [', and "emitDecoratorMetadata", which needs it', 'both'] : ['', 'it']
    const what = `"experimentalDecorators" is on in ${file}${and}: decorators are compiled as the legacy ones, which deco-ts refuses.`
    const wayOut = `take ${both} out of ${file}; classes that need legacy decorators go into a folder of their own, with a tsconfig.json of its own`
    yield finding('legacy-decorators', file, what, wayOut)
  } else if (metadata?.value === true) {
    const file = project.name(metadata.file)
    const what = `"emitDecoratorMetadata" is on in ${file}: it belongs to legacy decorators, and tsc refuses it without them.`
    yield finding('emit-decorator-metadata', file, what, `take it out of ${file}: deco-ts does not need it`)
  }
}

function* target(project: Project, config: Tsconfig): Generator<Finding> {
  const { file, options } = config
  const typescript = project.versionOf('typescript')
  const set = options.get('target')
  const name = project.name(set?.file ?? file)
  const target = targetOf(config, typescript)
  const said =
    set === undefined
      ? `No "target" is set in ${name}, which means ${target} to TypeScript ${typescript ?? ''}`.trim()
      : `"target" is ${target} in ${name}`
  const wayOut = `"target": "es2022" in ${name}`
  if (/^es(3|5)$/.test(target)) {
    yield finding('old-target', name, `${said}: classes become functions, which cannot extend Job.`, wayOut)
  } else if (
    target === 'esnext' &&
    isCompiledByTsc(project, options) &&
    !isFalse(options.get('useDefineForClassFields'))
  ) {
    const what = `${said}: tsc leaves decorators as they are, and Node.js cannot read them.`
    yield finding('decorators-kept', name, what, `${wayOut}, or es2023, es2024`)
  }
}

/** The target that is in force. */
export function targetOf({ options }: Tsconfig, typescript = '7.0.0'): string {
  const set = options.get('target')
  if (set !== undefined) return String(set.value).toLowerCase()
  if (!isBefore(typescript, '6.0.0')) return 'es2025'
  const module = String(options.get('module')?.value ?? '').toLowerCase()
  if (module === 'nodenext') return 'esnext'
  return /^node(16|18|20)$/.test(module) ? 'es2022' : 'es5'
}

// Where others compile, tsc's target is for the types alone.
function isCompiledByTsc(project: Project, options: Tsconfig['options']): boolean {
  if (isTrue(options.get('noEmit')) || isTrue(options.get('emitDeclarationOnly'))) return false
  const scripts = Object.values(project.manifest.scripts ?? {})
  return scripts.some((command) => /(^|[\s;&|"'/])tsc(\s(?!.*--noEmit)|$)/.test(command))
}

function isTrue(option: CompilerOption | undefined): boolean {
  return option?.value === true
}

function isFalse(option: CompilerOption | undefined): boolean {
  return option?.value === false
}
