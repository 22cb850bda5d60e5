import { is, keyOf, type Node, type NodeOf, unwrapped } from './nodes.js'
import { constantOf, type Source } from './source.js'

/** Something that another module exports. */
export interface Imported {
  readonly from: string
  /** `*` for the module itself. */
  readonly name: string
}

/**
 * What an expression names of another module, however it got here: by name, under another name, as a member of a namespace, by
 * `require` or `import()`, or as a constant that was given it.
 */
export function importedBy(source: Source, expression: Node): Imported | undefined {
  const node = unwrapped(expression)
  if (is(node, 'MemberExpression')) return memberOf(importedBy(source, node.object), keyOf(node))
  // deco.TrackedMap, as a type
  if (is(node, 'TSQualifiedName')) return memberOf(importedBy(source, node.left), node.right.name)
  const from = moduleOf(source, node)
  if (from !== undefined) return { from, name: '*' }
  if (!is(node, 'Identifier')) return undefined
  const variable = source.variable(node)
  const [definition] = variable?.defs ?? []
  if (definition?.type === 'ImportBinding') return bindingOf(definition.node, definition.parent)
  const value = constantOf(variable)
  if (value !== undefined) return importedBy(source, value)
  // const { concurrent } = await import('deco-ts')
  if (definition?.type !== 'Variable' || !is(definition.node, 'VariableDeclarator')) return undefined
  const { id, init } = definition.node
  if (!is(id, 'ObjectPattern') || init === null) return undefined
  const property = id.properties.find((one) => is(one, 'Property') && one.value === definition.name)
  return is(property, 'Property') ? memberOf(importedBy(source, init), keyOf(property)) : undefined
}

/** Whether an expression names one of these exports of deco-ts or of a part of it, such as `deco-ts/testing`. */
export function isDeco(source: Source, expression: Node, ...names: readonly string[]): boolean {
  return names.includes(decoName(source, expression) ?? '')
}

/** The export of deco-ts that an expression names. */
export function decoName(source: Source, expression: Node): string | undefined {
  const imported = importedBy(source, expression)
  return imported !== undefined && /^deco-ts(\/|$)/.test(imported.from) ? imported.name : undefined
}

function memberOf(imported: Imported | undefined, name: string | undefined): Imported | undefined {
  return imported?.name === '*' && name !== undefined ? { from: imported.from, name } : undefined
}

function bindingOf(specifier: Node, declaration: Node | null): Imported | undefined {
  if (!is(declaration, 'ImportDeclaration')) return undefined
  const from = String(declaration.source.value)
  if (is(specifier, 'ImportNamespaceSpecifier')) return { from, name: '*' }
  return { from, name: is(specifier, 'ImportSpecifier') ? nameOf(specifier) : 'default' }
}

// `import { 'a name' as b }` is a string.
function nameOf({ imported }: NodeOf<'ImportSpecifier'>): string {
  return is(imported, 'Identifier') ? imported.name : String(is(imported, 'Literal') && imported.value)
}

// `require('deco-ts')` and `await import('deco-ts')`.
function moduleOf(source: Source, node: Node): string | undefined {
  const loaded = is(node, 'AwaitExpression') ? node.argument : node
  if (is(loaded, 'ImportExpression')) return literal(loaded.source)
  if (!is(loaded, 'CallExpression') || !source.isGlobal(loaded.callee, 'require')) return undefined
  return literal(loaded.arguments[0])
}

function literal(node: Node | undefined): string | undefined {
  return is(node, 'Literal') && typeof node.value === 'string' ? node.value : undefined
}
