import { fileURLToPath } from 'node:url'
import type { Project } from './project.js'

type ModuleUrls = readonly (string | null)[]

/** Whether a file is among the modules of classes. */
export function includesFile(modules: ModuleUrls, file: string): boolean {
  return modules.some((url) => url?.startsWith('file:') && fileURLToPath(url) === file)
}

/** The names of modules, as arguments of a command. */
export function namesOf(project: Project, modules: ModuleUrls): string {
  return modules.flatMap((url) => (url?.startsWith('file:') ? [project.name(fileURLToPath(url))] : [])).join(' ')
}
