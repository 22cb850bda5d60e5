// deco-ts/eslint: what no run can see, reported from the source.

import type { ESLint, Linter, Rule } from 'eslint'
import { typescriptParser } from './parser.js'
import { noEarlyUse } from './rules/no-early-use.js'
import { noEntryJob } from './rules/no-entry-job.js'
import { noModuleState } from './rules/no-module-state.js'
import { noTargetInWorker } from './rules/no-target-in-worker.js'
import { noUndeclaredMutation } from './rules/no-undeclared-mutation.js'

const rules = {
  'no-early-use': noEarlyUse,
  'no-entry-job': noEntryJob,
  'no-module-state': noModuleState,
  'no-target-in-worker': noTargetInWorker,
  'no-undeclared-mutation': noUndeclaredMutation,
} satisfies Record<string, Rule.RuleModule>

/** The plugin. */
export interface Plugin extends ESLint.Plugin {
  readonly rules: typeof rules
  readonly configs: {
    /**
     * All rules, as errors, for TypeScript files if `@typescript-eslint/parser` is installed, which it then sets. Otherwise for
     * all files that are linted, whose parser must know decorators.
     */
    readonly recommended: Linter.Config
  }
}

const FILES = ['**/*.ts', '**/*.mts', '**/*.cts', '**/*.tsx']

/**
 * ESLint rules for programs that use deco-ts. They look at the syntax alone, and need no types.
 *
 * @example
 * import deco from 'deco-ts/eslint'
 *
 * export default [deco.configs.recommended]
 */
const plugin: Plugin = {
  meta: { name: 'deco-ts', namespace: 'deco-ts' },
  rules,
  configs: {
    get recommended() {
      const parser = typescriptParser()
      const names = Object.keys(rules).map((name) => [`deco-ts/${name}`, 'error'] as const)
      return {
        name: 'deco-ts/recommended',
        ...(parser === undefined ? {} : { files: FILES, languageOptions: { parser } }),
        plugins: { 'deco-ts': plugin },
        rules: Object.fromEntries(names),
      }
    },
  },
}

export default plugin
