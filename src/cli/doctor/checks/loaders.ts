import { type Finding, finding } from '../finding.js'
import type { Project } from '../project.js'

// Node.js with its options, and a file of TypeScript.
const NODE = /(?:^|[\s;&|])node((?:\s+-\S+(?:\s+(?!\S*\.[mc]?tsx?\b)[^\s-]\S*)?)*)\s+([^\s-]\S*\.[mc]?tsx?)(?=\s|$)/
const LOADS = /tsx|ts-node|swc|esbuild|babel|register|jiti|--(import|loader|experimental-loader|require)\b|(^|\s)-r\s/
const TSX = /(^|[\s;&|"'/])tsx(\s|$)/

/** Whether what runs TypeScript without compiling it first compiles decorators, and gives workers the same deco-ts. */
export function* loaders(project: Project): Generator<Finding> {
  const typed = project.decorated.filter(({ isTyped }) => isTyped)
  if (typed.length === 0) return
  const commonJs = typed.find(({ file }) => project.isCommonJs(file))
  for (const [script, command] of Object.entries(project.manifest.scripts ?? {})) {
    const [, options = '', file] = NODE.exec(command) ?? []
    if (file !== undefined && !LOADS.test(`${options} ${project.env.NODE_OPTIONS ?? ''}`))
      yield finding(
        'type-stripping',
        project.manifestName,
        `The script "${script}" of ${project.manifestName} runs ${file} with Node.js alone, which strips types and cannot read decorators, such as those of ${project.name(typed[0]!.file)}.`,
        `"tsx ${file}" in "${script}", or tsc first and then the compiled file`,
      )
    if (commonJs !== undefined && TSX.test(command))
      yield commonJsFinding(project, commonJs.file, `the script "${script}" runs tsx`)
  }
}

/** tsx loads a module as CommonJS. */
export function commonJsFinding(project: Project, file: string, why: string): Finding {
  const name = project.name(file)
  return finding(
    'commonjs-tsx',
    name,
    `${name} is CommonJS, as its package.json has no "type": "module", and ${why}: tsx gives CommonJS modules a copy of deco-ts of their own, and workers do not find the class.`,
    `"type": "module" in package.json, the name ${name.replace(/\.c?ts(x?)$/, '.mts$1')}, or tsc instead of tsx`,
  )
}
