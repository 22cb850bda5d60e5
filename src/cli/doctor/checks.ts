import { bundlers } from './checks/bundlers.js'
import { compilerOptions } from './checks/compiler-options.js'
import { compilers } from './checks/compilers.js'
import { duplicates } from './checks/duplicates.js'
import { environment } from './checks/environment.js'
import { installation } from './checks/installation.js'
import { loaders } from './checks/loaders.js'
import { nodeVersion } from './checks/node-version.js'
import { packages } from './checks/packages.js'
import { typeLibraries } from './checks/type-libraries.js'
import type { Finding } from './finding.js'
import type { Project } from './project.js'

/** What is found by reading the files of a project, without running any of them. */
export const CHECKS: readonly ((project: Project) => Iterable<Finding>)[] = [
  ...[installation, nodeVersion, duplicates, compilerOptions, compilers],
  ...[bundlers, loaders, packages, typeLibraries, environment],
]
