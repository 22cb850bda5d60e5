import { CATALOG, type FindingId } from './catalog.js'

/** Something about a project that is to be mended. */
export interface Finding {
  readonly id: FindingId
  /** An `error` keeps calls from running or types from compiling; a `warning` makes them slower, or happens again in every worker. */
  readonly weight: 'error' | 'warning'
  /** The file that it is about, as seen from the project's folder; `null` if it is about none. */
  readonly file: string | null
  /** What is the case. */
  readonly what: string
  /** What to do about it. */
  readonly wayOut: string
}

export function finding(id: FindingId, file: string | null, what: string, wayOut: string): Finding {
  return { id, weight: CATALOG[id], file, what, wayOut }
}

/** All findings, each once, the weightiest first. Of what the set-up explains, its modules are not blamed as well. */
export function inOrder(setUp: readonly Finding[], fromModules: readonly Finding[]): Finding[] {
  const explained = new Set(setUp.map(({ id }) => id))
  const findings = [...setUp, ...fromModules.filter(({ id }) => !(EXPLAIN.has(id) && explained.has(id)))]
  const unique = new Map(findings.map((one) => [`${one.id} ${one.file} ${one.what}`, one]))
  return [...unique.values()].sort((a, b) => ORDER.indexOf(a.id) - ORDER.indexOf(b.id))
}

const ORDER = Object.keys(CATALOG)

// The same fault is seen in a file of the set-up, where it can be mended, and in each module that suffers from it.
const EXPLAIN: ReadonlySet<FindingId> = new Set([
  ...(['legacy-decorators', 'old-target', 'decorators-kept', 'type-stripping', 'commonjs-tsx', 'two-copies'] as const),
  ...(['swc-decorators', 'babel-decorators'] as const),
])
