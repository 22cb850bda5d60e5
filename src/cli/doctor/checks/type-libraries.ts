import { type Finding, finding } from '../finding.js'
import type { Project } from '../project.js'
import type { Tsconfig } from '../tsconfig.js'
import { targetOf } from './compiler-options.js'

/** Whether the types that deco-ts's declarations speak of are there. */
export function* typeLibraries(project: Project): Generator<Finding> {
  for (const config of project.tsconfigs) {
    // Where declarations are not checked, nothing is missed.
    if (config.options.get('skipLibCheck')?.value === true) continue
    yield* libraries(project, config)
    yield* nodeTypes(project, config)
  }
}

function* libraries(project: Project, config: Tsconfig): Generator<Finding> {
  const { file, options } = config
  if (options.get('noLib')?.value === true) {
    const name = project.name(options.get('noLib')!.file)
    const what = `"noLib" is on in ${name}: no type of the language is there.`
    yield finding('missing-lib', name, what, `take it out of ${name}`)
    return
  }
  const set = options.get('lib')
  const target = targetOf(config, project.versionOf('typescript'))
  const given = set === undefined ? [target] : [set.value].flat().map(String)
  if (given.some((lib) => isNewEnough(lib.toLowerCase()))) return
  const name = project.name((set ?? options.get('target'))?.file ?? file)
  const says =
    set === undefined
      ? `"target" is ${target} in ${name}, and no "lib" is set`
      : `"lib" in ${name} is ${JSON.stringify(given)}`
  const what = `${says}: types of es2022 are missing, which the declarations of deco-ts use, such as ErrorOptions.`
  const wayOut = set === undefined ? `"target": "es2022" in ${name}` : `"es2022" or later among the "lib" of ${name}`
  yield finding('missing-lib', name, what, wayOut)
}

function isNewEnough(lib: string): boolean {
  const [, year] = /^es(20\d\d)$/.exec(lib) ?? []
  return lib === 'esnext' || lib === 'es2022.error' || Number(year) >= 2022
}

function* nodeTypes(project: Project, { file }: Tsconfig): Generator<Finding> {
  if (project.installed('@types/node') !== undefined) return
  const name = project.name(file)
  const what = `${name} has declarations checked, and the types of Node.js, which those of deco-ts use, are not installed.`
  yield finding('missing-node-types', name, what, 'npm install --save-dev @types/node, or "skipLibCheck": true')
}
