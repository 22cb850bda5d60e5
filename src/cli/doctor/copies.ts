import { dependenciesOf, type Package } from './manifest.js'
import type { Project } from './project.js'

/** A package that others ask for. */
export interface Copy {
  readonly folder: string
  readonly version: string
  /** The names of the packages that lead to it, from the project on. */
  readonly by: readonly string[]
}

// Far more packages than any project has.
const MOST = 20_000

/** Every copy of a package that a project comes to by way of its dependencies, wherever its package manager has put them. */
export function copiesOf(name: string, project: Project): Copy[] {
  const { folder, manifest } = project
  const dependencies = { ...manifest.devDependencies, ...manifest.dependencies, [name]: '*' }
  const copies = new Map<string, Copy>()
  const seen = new Set<string>()
  const left: { readonly at: Package; readonly by: readonly string[] }[] = [
    { at: { folder, manifest: { ...manifest, dependencies } }, by: [] },
  ]
  for (let next = left.shift(); next !== undefined && seen.size < MOST; next = left.shift()) {
    const { at, by } = next
    if (seen.has(at.folder)) continue
    seen.add(at.folder)
    for (const wanted of Object.keys(dependenciesOf(at))) {
      const found = project.installed(wanted, at.folder)
      if (found === undefined) continue
      if (wanted !== name) left.push({ at: found, by: [...by, wanted] })
      else if (!copies.has(found.folder))
        copies.set(found.folder, { folder: found.folder, version: found.manifest.version ?? 'unknown', by })
    }
  }
  return [...copies.values()]
}
