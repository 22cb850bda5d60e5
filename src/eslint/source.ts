import type { SourceCode } from 'eslint'
import { is, type Node, type NodeOf } from './nodes.js'

/** A variable of the module, as scope analysis tells it. */
export interface Variable {
  readonly name: string
  readonly scope: Scope
  readonly defs: readonly Definition[]
  readonly references: readonly Reference[]
}

export interface Definition {
  readonly type: 'ClassName' | 'FunctionName' | 'ImportBinding' | 'Parameter' | 'Variable' | string
  readonly name: Node
  readonly node: Node
  readonly parent: Node | null
}

export interface Reference {
  readonly identifier: NodeOf<'Identifier'>
  readonly from: Scope
  readonly resolved: Variable | null
  /** The value at the place where the variable is declared. */
  readonly init?: boolean | undefined
  isRead(): boolean
  isWrite(): boolean
}

export interface Scope {
  readonly type: string
  readonly block: Node
  readonly upper: Scope | null
  readonly variables: readonly Variable[]
  readonly references: readonly Reference[]
}

// What names a variable in a type neither reads nor writes it.
const TYPES = ['implements', 'returnType', 'superTypeArguments', 'typeAnnotation', 'typeArguments', 'typeParameters']

/** A file that is being linted: its tree and its variables. */
export class Source {
  readonly program: NodeOf<'Program'>
  readonly variables: readonly Variable[]
  readonly #keys: Readonly<Record<string, readonly string[] | undefined>>
  readonly #walkedKeys = new Map<string, readonly string[]>()
  readonly #variables = new Map<Node, Variable>()

  constructor({ ast, visitorKeys, scopeManager }: SourceCode) {
    this.program = ast as unknown as NodeOf<'Program'>
    this.#keys = visitorKeys as Readonly<Record<string, readonly string[]>>
    const scopes = scopeManager.scopes as unknown as readonly Scope[]
    this.variables = scopes.flatMap(({ variables }) => variables)
    for (const scope of scopes) {
      for (const { identifier, resolved } of scope.references)
        if (resolved !== null) this.#variables.set(identifier, resolved)
      for (const variable of scope.variables)
        for (const { name } of variable.defs) if (!this.#variables.has(name)) this.#variables.set(name, variable)
    }
  }

  /** The variable that an identifier names; `undefined` for a global one that the module does not define. */
  variable(identifier: Node): Variable | undefined {
    const variable = this.#variables.get(identifier)
    return variable === undefined || variable.defs.length === 0 ? undefined : variable
  }

  /** Whether a node is a global of JavaScript of this name. */
  isGlobal(node: Node, ...names: readonly string[]): boolean {
    return is(node, 'Identifier') && names.includes(node.name) && this.variable(node) === undefined
  }

  /** Every node in a node, itself first, types left out; below those for which `visit` gives `false` it does not look. */
  walk(node: Node, visit: (node: Node) => unknown): void {
    if (visit(node) === false) return
    for (const key of this.#keysOf(node.type)) {
      const child = (node as unknown as Record<string, Node | null | undefined | readonly (Node | null)[]>)[key]
      if (child === null || child === undefined) continue
      if ('type' in child) this.walk(child, visit)
      else for (const one of child) if (one !== null) this.walk(one, visit)
    }
  }

  #keysOf(type: string): readonly string[] {
    let keys = this.#walkedKeys.get(type)
    if (keys === undefined) {
      keys = (this.#keys[type] ?? []).filter((key) => !TYPES.includes(key))
      this.#walkedKeys.set(type, keys)
    }
    return keys
  }
}

/** Whether a variable is given a value anywhere but where it is declared. */
export function isReassigned(variable: Variable): boolean {
  return variable.references.some((reference) => reference.isWrite() && reference.init !== true)
}

/** The value that a variable always has: of `const x = value`, or of a `let` that is never assigned to. */
export function constantOf(variable: Variable | undefined): Node | undefined {
  const [definition, other] = variable?.defs ?? []
  if (definition?.type !== 'Variable' || other !== undefined || isReassigned(variable!)) return undefined
  const { node } = definition
  return is(node, 'VariableDeclarator') && is(node.id, 'Identifier') && node.init !== null ? node.init : undefined
}

/** Whether other modules may import a variable. */
export function isExported({ defs, references }: Variable): boolean {
  const isDeclaredSo = defs.some(({ node, parent }) =>
    [node.parent, parent?.parent].some((outer) => is(outer, 'ExportNamedDeclaration', 'ExportDefaultDeclaration')),
  )
  return (
    isDeclaredSo ||
    references.some(({ identifier }) => is(identifier.parent, 'ExportSpecifier', 'ExportDefaultDeclaration'))
  )
}
