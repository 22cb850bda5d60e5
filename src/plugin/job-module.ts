import { readFile } from 'node:fs/promises'

/** The package, as programs import it. */
export const PACKAGE = 'deco-ts'

/** Whether a specifier is of this package, or of a part of it. */
export function isOwn(source: string | undefined): source is string {
  return source === PACKAGE || source?.startsWith(`${PACKAGE}/`) === true
}

/**
 * Whether the source of a module, compiled or not, defines classes that workers import: it has a class and one of the
 * decorators of deco-ts, or a class that extends `Job`, which a decorator of the program's own may stand in.
 */
export function isJobModule(source: string): boolean {
  const code = withoutComments(source)
  const names = importedNames(code)
  if (names === undefined) return false
  if (names.has('serializable')) return true
  if (!/\bclass\b/.test(code)) return false
  return names.has('*') ? USES.test(code) : ['concurrent', 'synchronized', 'Job'].some((name) => names.has(name))
}

/** Whether decorators stand in a module as they were written. */
export function hasDecorators(source: string): boolean {
  const code = withoutComments(source).replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, "''")
  return /(?:^|[\s;{})])@[A-Za-z_$(]/.test(code)
}

/** The file of a module, which an id may name with a query. */
export async function sourceOf(id: string): Promise<string> {
  try {
    return await readFile(id.replace(/[?#].*$/, ''), 'utf8')
  } catch {
    // A module that another plugin made: it has none.
    return ''
  }
}

const USES = /\.\s*(concurrent|synchronized|serializable|Job)\b/
const FROM = /\bimport\b(?!\s*type\b)\s*([^'"`;()]+?)\s*from\s*['"]deco-ts['"]/g
const REQUIRE = /\brequire\(\s*['"]deco-ts['"]\s*\)/

// What a module imports from deco-ts, under the names that it has there; `*` for all of it.
function importedNames(code: string): Set<string> | undefined {
  const names = new Set<string>()
  for (const [, clause] of code.matchAll(FROM)) {
    if (!clause!.includes('{')) names.add('*')
    for (const item of clause!.replace(/^[^{]*\{|\}.*$/gs, '').split(',')) {
      const [name] = item.trim().split(/\s+/)
      if (name !== undefined && name !== '' && !/^type\s/.test(item.trim())) names.add(name)
    }
  }
  if (REQUIRE.test(code)) names.add('*')
  return names.size > 0 ? names : undefined
}

// Strings are passed over as wholes: they may hold what looks like a comment.
function withoutComments(code: string): string {
  return code.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_, text?: string) => text ?? ' ',
  )
}
