// Where the result of a concurrent call is used as the plain value that it is not yet.

import { useOfReturned } from './callbacks.js'
import { Callee } from './callees.js'
import type { Held, HeldFuture } from './held.js'
import type { Module } from './module.js'
import {
  type CallNode,
  type FunctionNode,
  functionAround,
  is,
  isNullish,
  isWrapper,
  keyOf,
  type Node,
  type NodeOf,
} from './nodes.js'
import { isReassigned } from './source.js'

/** How a Future is used, where it should have been awaited or stored. */
export type EarlyUse =
  | 'argument'
  | 'arithmetic'
  | 'comparison'
  | 'condition'
  | 'key'
  | 'property'
  | 'spread'
  | 'template'

export interface Use {
  readonly use: EarlyUse
  /** The function that it is given to. */
  readonly callee?: string | undefined
  /** An `await` would mend it. */
  readonly isMendedByAwait: boolean
  /** The Future, with all around it that does not change it. */
  readonly node: Node
}

// Of a Future, these are for those who await it.
const AWAITING = ['then', 'catch', 'finally']
const COMPARING = ['==', '===', '!=', '!==', '<', '<=', '>', '>=', 'instanceof']
// What prints or converts an array does so with its elements.
const CONVERTING = ['join', 'toString', 'toLocaleString']

/** Finds the early use of an expression that gives a Future, or holds some. */
export class EarlyUses {
  readonly #module: Module
  readonly #allowed: readonly string[]
  readonly #usingParameters = new Map<Node, boolean>()

  /** `allowed` are functions that may be given Futures. */
  constructor(module: Module, allowed: readonly string[]) {
    this.#module = module
    this.#allowed = allowed
  }

  of(expression: Node, held: Held): Use | undefined {
    if (held.kind !== 'future') return this.#ofAll(expression, held)
    const found = this.#at(expression, held)
    return found !== undefined && held.isOptional && !isOfFuture(found) ? undefined : found
  }

  #at(expression: Node, held: HeldFuture): Use | undefined {
    let node = expression
    let { isPromise } = held
    for (;;) {
      const { parent } = node
      if (!isPassedOn(node, parent)) return this.#below(node, parent, { ...held, isPromise })
      isPromise ||= saysPromise(parent)
      node = parent
    }
  }

  #below(node: Node, parent: Node, held: HeldFuture): Use | undefined {
    const use = (kind: EarlyUse, callee?: string): Use => ({ use: kind, callee, isMendedByAwait: true, node })
    switch (parent.type) {
      case 'IfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForStatement':
      case 'ConditionalExpression':
        return (parent as { test: Node | null }).test === node ? use('condition') : undefined
      case 'LogicalExpression':
        return use('condition')
      case 'UnaryExpression':
        if (parent.operator === '!') return use('condition')
        if (parent.operator === 'typeof') return use('comparison')
        return parent.operator === 'void' ? undefined : use('arithmetic')
      case 'UpdateExpression':
        return { ...use('arithmetic'), isMendedByAwait: false }
      case 'BinaryExpression':
        if (parent.operator === 'in') return use(parent.left === node ? 'key' : 'property')
        if (held.isPromise && asksWhich(node, parent)) return undefined
        return use(COMPARING.includes(parent.operator) ? 'comparison' : 'arithmetic')
      case 'SwitchCase':
        return parent.test === node ? use('comparison') : undefined
      case 'SwitchStatement':
        return use('comparison')
      case 'AssignmentExpression':
        return useOfAssigned(node, parent, use)
      case 'VariableDeclarator':
        return parent.init === node && isPattern(parent.id) ? use('property') : undefined
      case 'TemplateLiteral':
        return isTagged(parent) ? undefined : use('template')
      case 'MemberExpression':
        if (parent.object !== node) return use('key')
        return AWAITING.includes(keyOf(parent) ?? '') ? undefined : use('property')
      case 'Property':
      case 'PropertyDefinition':
        return parent.computed && parent.key === node ? use('key') : undefined
      case 'SpreadElement':
        return use('spread')
      case 'ForOfStatement':
      case 'ForInStatement':
        return parent.right === node ? use('spread') : undefined
      case 'YieldExpression':
        return parent.delegate ? use('spread') : undefined
      case 'CallExpression':
      case 'NewExpression':
        return parent.callee === node ? undefined : this.#given(node, parent, held, use)
      case 'ArrowFunctionExpression':
        return parent.body === node ? useOfReturn(node, parent) : undefined
      case 'ReturnStatement':
        return useOfReturn(node, functionAround(parent))
      default:
        return undefined
    }
  }

  // An argument of a function that takes it for a plain value.
  #given(
    node: Node,
    call: CallNode | NodeOf<'NewExpression'>,
    held: HeldFuture,
    use: (kind: EarlyUse, callee?: string) => Use,
  ): Use | undefined {
    const callee = new Callee(this.#module.source, call)
    if (callee.isAmong(this.#allowed)) return undefined
    if (is(call, 'CallExpression')) {
      if (this.#module.classes.called(call)?.kind === 'concurrent') return undefined
      const fn = this.#module.calledFunction(call)
      if (fn !== undefined) return this.#usesParameter(fn, call, node, held) ? use('argument', callee.name) : undefined
    }
    return callee.takesPlain(held.isPromise) ? use('argument', callee.name) : undefined
  }

  // Whether a function of this module uses its parameter too early.
  #usesParameter(fn: FunctionNode, call: CallNode, node: Node, held: HeldFuture): boolean {
    const parameter = this.#module.parameterOf(fn, call, node)
    if (is(parameter, 'ObjectPattern', 'ArrayPattern')) return true
    if (!is(parameter, 'Identifier')) return false
    const known = this.#usingParameters.get(parameter)
    if (known !== undefined) return known
    // What a function that calls itself does by that it does by itself as well.
    this.#usingParameters.set(parameter, false)
    const variable = this.#module.source.variable(parameter)
    const isUsed =
      variable !== undefined &&
      !isReassigned(variable) &&
      variable.references.some(({ identifier }) => identifier !== parameter && this.#at(identifier, held) !== undefined)
    this.#usingParameters.set(parameter, isUsed)
    return isUsed
  }

  // An array or object of Futures is used early by what looks at all that is in it.
  #ofAll(expression: Node, { kind }: Held): Use | undefined {
    let node = expression
    while (isWrapper(node.parent)) node = node.parent
    const { parent } = node
    const found = (use: EarlyUse, callee?: string): Use => ({ use, callee, isMendedByAwait: false, node })
    if (kind === 'list' && is(parent, 'TemplateLiteral') && !isTagged(parent)) return found('template')
    if (kind === 'list' && is(parent, 'MemberExpression') && parent.object === node) return useOfElements(parent, found)
    const call = is(parent, 'SpreadElement') ? parent.parent : parent
    if (!is(call, 'CallExpression') || call.callee === node) return undefined
    const callee = new Callee(this.#module.source, call)
    const isUsed = is(parent, 'SpreadElement') ? kind === 'list' && callee.isPlainGlobal : callee.isDeep
    return isUsed && !callee.isAmong(this.#allowed) ? found('argument', callee.name) : undefined
  }
}

// Whether the value of a node is that of its parent as well.
function isPassedOn(node: Node, parent: Node): boolean {
  if (isWrapper(parent)) return true
  if (is(parent, 'SequenceExpression')) return parent.expressions.at(-1) === node
  if (is(parent, 'LogicalExpression')) return parent.right === node
  if (is(parent, 'ConditionalExpression')) return parent.test !== node
  if (!is(parent, 'AssignmentExpression') || parent.right !== node) return false
  return ['=', '&&=', '||=', '??='].includes(parent.operator) && !isPattern(parent.left)
}

// `future as unknown as Promise<number>`
function saysPromise(wrapper: Node): boolean {
  if (!is(wrapper, 'TSAsExpression', 'TSTypeAssertion', 'TSSatisfiesExpression')) return false
  const { typeAnnotation: type } = wrapper
  if (!is(type, 'TSTypeReference') || !is(type.typeName, 'Identifier')) return false
  return /^(Promise|PromiseLike|Future)$/.test(type.typeName.name)
}

function useOfAssigned(
  node: Node,
  { operator, left }: NodeOf<'AssignmentExpression'>,
  use: (kind: EarlyUse) => Use,
): Use | undefined {
  if (operator === '=') return left === node ? undefined : use('property')
  const isTest = ['&&=', '||=', '??='].includes(operator)
  if (isTest) return left === node ? { ...use('condition'), isMendedByAwait: false } : undefined
  return { ...use('arithmetic'), isMendedByAwait: left !== node }
}

function useOfReturn(node: Node, fn: FunctionNode | undefined): Use | undefined {
  const use = fn && useOfReturned(fn)
  return use && { use, isMendedByAwait: false, node }
}

function useOfElements(member: NodeOf<'MemberExpression'>, found: (use: EarlyUse) => Use): Use | undefined {
  const call = member.parent
  if (!is(call, 'CallExpression') || call.callee !== member) return undefined
  const name = keyOf(member) ?? ''
  if (CONVERTING.includes(name)) return found('template')
  return /^(sort|toSorted)$/.test(name) && call.arguments.length === 0 ? found('comparison') : undefined
}

// `undefined` may be told from a Future; only what would be done to the Future itself is wrong.
function isOfFuture({ use, node }: Use): boolean {
  if (use === 'arithmetic' || use === 'template') return true
  if (use !== 'comparison' || !is(node.parent, 'BinaryExpression')) return false
  const { left, right, operator } = node.parent
  return operator !== 'instanceof' && !isNullish(left) && !isNullish(right)
}

function isPattern(node: Node): boolean {
  return is(node, 'ArrayPattern', 'ObjectPattern')
}

// `promise === first`: whether it is this very promise.
function asksWhich(node: Node, { operator, left, right }: NodeOf<'BinaryExpression'>): boolean {
  const other = left === node ? right : left
  return /^[!=]==?$/.test(operator) && is(other, 'Identifier', 'MemberExpression') && !isNullish(other)
}

// A tag may do with the values whatever it likes; `String.raw` makes a string of them.
function isTagged({ parent }: Node): boolean {
  if (!is(parent, 'TaggedTemplateExpression')) return false
  const { tag } = parent
  return !is(tag, 'MemberExpression') || !is(tag.object, 'Identifier') || tag.object.name !== 'String'
}
