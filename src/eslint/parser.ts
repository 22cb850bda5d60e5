import { createRequire } from 'node:module'
import type { Linter } from 'eslint'

const NAME = '@typescript-eslint/parser'

/**
 * The parser for TypeScript; `undefined` where it is not installed.
 * @throws {Error} if it is, and does not load
 */
export function typescriptParser(): Linter.Parser | undefined {
  const require = createRequire(import.meta.url)
  try {
    require.resolve(NAME)
  } catch {
    return undefined
  }
  try {
    return require(NAME) as Linter.Parser
  } catch (cause) {
    throw new Error(
      `Cannot use deco.configs.recommended: ${NAME} is installed, but does not load (${(cause as Error).message}). ` +
        'Way out: install a version of typescript that it supports; docs/eslint.md says how beside version 7.',
      { cause },
    )
  }
}
