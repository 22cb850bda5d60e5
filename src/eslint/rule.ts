import type { Rule } from 'eslint'
import { Module } from './module.js'
import type { Node } from './nodes.js'

/** Something that a rule has to say of a node. */
export interface Problem<Id extends string> {
  readonly node: Node
  readonly messageId: Id
  readonly data?: Readonly<Record<string, string>>
  readonly suggestions?: readonly Suggestion<Id>[]
}

/** A change that may be made, but may change what the program does: the reader decides. */
export interface Suggestion<Id extends string> {
  readonly messageId: Id
  readonly data?: Readonly<Record<string, string>>
  /** Places, and the text that is put there instead. */
  readonly changes: readonly (readonly [range: readonly [number, number], text: string])[]
}

interface Definition<Id extends string, Options extends object> {
  readonly name: string
  /** What it finds, in a line. */
  readonly description: string
  readonly messages: Readonly<Record<Id, string>>
  /** The options and their schemas. */
  readonly properties: { readonly [Name in keyof Options]: object }
  readonly defaults: Options
  readonly hasSuggestions?: boolean
  check(module: Module, options: Options): Iterable<Problem<Id>>
}

// It is published with the package, so that it tells of the version that is installed.
const DOCS = new URL('../../docs/eslint.md', import.meta.url).href

/** Makes a rule that looks at a file as a whole. */
export function rule<Id extends string, Options extends object>(definition: Definition<Id, Options>): Rule.RuleModule {
  const { name, description, messages, properties, defaults, hasSuggestions = false, check } = definition
  return {
    meta: {
      type: 'problem',
      docs: { description, recommended: true, url: `${DOCS}#${name}` },
      messages,
      schema: [{ type: 'object', properties, additionalProperties: false }],
      defaultOptions: [defaults],
      hasSuggestions,
    } as Rule.RuleMetaData,
    create(context) {
      // What does not import deco-ts has no decorators of it; most files of a project are of this kind.
      if (!context.sourceCode.text.includes('deco-ts')) return {}
      return {
        'Program:exit'() {
          const options = { ...defaults, ...(context.options[0] as Options | undefined) }
          for (const problem of check(Module.of(context.sourceCode), options)) context.report(reportOf(problem))
        },
      }
    },
  }
}

function reportOf<Id extends string>({
  node,
  messageId,
  data = {},
  suggestions = [],
}: Problem<Id>): Rule.ReportDescriptor {
  return {
    node: node as never,
    messageId,
    data,
    suggest: suggestions.map(({ messageId, data = {}, changes }) => ({
      messageId,
      data,
      fix: (fixer) => changes.map(([range, text]) => fixer.replaceTextRange([...range], text)),
    })),
  }
}

/** The schema of an option that lists names. */
export const NAMES = { type: 'array', items: { type: 'string' }, uniqueItems: true }
