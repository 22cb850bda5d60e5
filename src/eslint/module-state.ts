import { changeOf } from './changes.js'
import { isGuarded } from './main-thread.js'
import type { Module } from './module.js'
import { type FunctionNode, functionAround, is, isFunction, isWithin, type Node } from './nodes.js'
import { isExported, type Reference, type Variable } from './source.js'

/** A use of a variable that is not the same in every worker. */
export interface StateUse {
  readonly kind: 'read' | 'write'
  /** The variable. */
  readonly name: string
  /** Where it is changed. */
  readonly place: Node
}

export interface ModuleState {
  /** What an identifier does to such a variable. */
  useBy(identifier: Node): StateUse | undefined
}

/**
 * The variables of a module that come to differ between the threads that import it. `inWorkers` are the functions that run in workers;
 * `allow` are variables that may differ.
 */
export function moduleState(
  module: Module,
  inWorkers: ReadonlySet<FunctionNode>,
  allow: readonly string[],
): ModuleState {
  const places = new Map<Variable, Node>()
  for (const variable of module.source.variables) {
    if (allow.includes(variable.name) || !isOfModule(variable)) continue
    const place = lateChange(module, variable, inWorkers)
    if (place !== undefined) places.set(variable, place)
  }
  return {
    useBy(identifier) {
      const variable = module.source.variable(identifier)
      const place = variable && places.get(variable)
      const reference = variable?.references.find((one) => one.identifier === identifier)
      if (place === undefined || reference === undefined) return undefined
      const { name } = variable!
      if (isChange(module, variable!, reference)) return { kind: 'write', name, place }
      // The name of a class or of an import is read for many reasons.
      return variable!.defs[0]!.type === 'Variable' ? { kind: 'read', name, place } : undefined
    },
  }
}

function isOfModule({ scope, defs: [definition, other] }: Variable): boolean {
  if (definition === undefined || other !== undefined) return false
  // A class has its own name in a scope of its own as well.
  if (definition.type === 'ClassName') return functionAround(definition.node) === undefined
  return is(scope.block, 'Program') && ['Variable', 'ImportBinding'].includes(definition.type)
}

// Where a variable is changed so that workers and the main thread do not agree on it.
function lateChange(module: Module, variable: Variable, inWorkers: ReadonlySet<FunctionNode>): Node | undefined {
  const changes = variable.references.filter((reference) => isLate(module, variable, reference))
  const [first] = changes
  if (first === undefined) return undefined
  const definition = variable.defs[0]!
  if (definition.type !== 'Variable') return first.identifier
  const rebinding = changes.find((reference) => reference.isWrite())
  if (rebinding !== undefined)
    return changes.every((reference) => isFilling(module, reference)) ? undefined : rebinding.identifier
  // A Map that only the methods themselves use, such as a cache, is missed by nobody.
  const isInWorkers = ({ identifier }: Reference) => isWithinAny(identifier, inWorkers)
  const isApart = isExported(variable) || changes.some((change) => !isInWorkers(change))
  const uses = variable.references.filter(({ init, identifier }) => init !== true && !module.runsOnImport(identifier))
  return isApart || uses.some((use) => !isInWorkers(use)) ? first.identifier : undefined
}

// What the module does while it is imported, it does in every worker in the same way.
function isLate(module: Module, variable: Variable, reference: Reference): boolean {
  if (!isChange(module, variable, reference)) return false
  return !module.runsOnImport(reference.identifier) || isGuarded(module.source, reference.identifier)
}

function isChange({ source }: Module, { defs: [definition] }: Variable, reference: Reference): boolean {
  if (reference.init === true) return false
  if (reference.isWrite()) return true
  const change = changeOf(source, reference.identifier)
  return change !== undefined && (!change.byMethod || isCollection(definition?.node))
}

// What is not made here may mean something else by `add` or `set`.
function isCollection(declarator: Node | undefined): boolean {
  const init = is(declarator, 'VariableDeclarator') ? declarator.init : null
  return is(init, 'ArrayExpression', 'ObjectExpression', 'NewExpression')
}

// `model ??= load()`: each worker makes its own, and all are alike if nothing goes in that differs from call to call.
function isFilling({ source }: Module, { identifier: { parent } }: Reference): boolean {
  if (!is(parent, 'AssignmentExpression') || parent.operator !== '??=') return false
  let isAlike = true
  source.walk(parent.right, (node) => {
    const variable = is(node, 'Identifier') ? source.variable(node) : undefined
    const isOfCall = variable !== undefined && !is(variable.scope.block, 'Program')
    if (is(node, 'ThisExpression') || (isOfCall && !isWithin(variable.defs[0]!.name, parent.right))) isAlike = false
  })
  return isAlike
}

function isWithinAny(node: Node, functions: ReadonlySet<FunctionNode>): boolean {
  for (let outer: Node | null = node; outer !== null; outer = outer.parent)
    if (isFunction(outer) && functions.has(outer)) return true
  return false
}
