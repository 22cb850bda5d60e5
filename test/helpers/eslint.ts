// ESLint in the versions that the rules are for, with the parser for TypeScript.

import { createRequire } from 'node:module'
import * as ten from 'eslint'
import * as nine from 'eslint-9'

const require = createRequire(import.meta.url)

// The parser needs TypeScript's JavaScript API, which version 7 has left behind: it is given version 6 in its place.
require('typescript-6')
const { resolve } = createRequire(require.resolve('@typescript-eslint/parser'))
require.cache[resolve('typescript')] = require.cache[require.resolve('typescript-6')]

export const versions: readonly (typeof ten)[] = [nine as unknown as typeof ten, ten]

interface Suggestion {
  readonly fix: { readonly range: readonly [number, number]; readonly text: string }
}

export interface Message {
  readonly ruleId: string | null
  readonly line: number
  readonly message: string
  readonly suggestions?: readonly Suggestion[] | undefined
}

const { default: deco } = await import('../../src/eslint/index.js')
const config = deco.configs.recommended
const [former, latest] = versions.map(({ Linter }) => new Linter()) as [ten.Linter, ten.Linter]

/** What the recommended configuration says of some code. */
export function lint(code: string): readonly Message[] {
  return latest.verify(code, config, { filename: 'snippet.ts' })
}

/** The same, which must be the same in each version of ESLint. */
export function lintInAll(code: string): readonly Message[] {
  const messages = lint(code)
  const [one, other] = [former.verify(code, config, { filename: 'snippet.ts' }), messages].map((all) =>
    JSON.stringify(all.map(shown)),
  )
  if (one !== other) throw new Error(`ESLint 9 says ${one}, and ESLint 10 ${other}`)
  return messages
}

function shown({ ruleId, line, message, suggestions = [] }: Message): unknown {
  return [ruleId, line, message, suggestions.map(({ fix }) => fix)]
}

/** The lines of some code that are marked, once for each mark. */
export function markedLines(code: string, mark: string): number[] {
  return code.split('\n').flatMap((text, index) => Array<number>(text.split(mark).length - 1).fill(index + 1))
}
