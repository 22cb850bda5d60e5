// What the calls of a loop have in common.

import { isLoopBody } from './callbacks.js'
import { isTargetField } from './classes.js'
import type { Module } from './module.js'
import {
  type CallNode,
  calledMember,
  type FunctionNode,
  is,
  isFunction,
  isWithin,
  keyOf,
  LOOPS,
  type Node,
  parametersOf,
  unwrapped,
} from './nodes.js'
import { constantOf } from './source.js'

/** The loops around a call, within its function, of which all calls are made before any of them is waited for. */
export function loopsAround(module: Module, call: CallNode): Node[] {
  const found: Node[] = []
  let inner: Node = call
  let isLast = false
  for (let outer: Node | null = call.parent; outer !== null; inner = outer, outer = outer.parent) {
    isLast ||= leavesAfter(inner, outer)
    if (isFunction(outer)) {
      if (!isLoopBody(outer)) break
      isLast = false
      found.push(outer)
    }
    if (is(outer, ...LOOPS) && !isLast && isRepeated(outer, inner) && !waits(module, outer, call)) found.push(outer)
  }
  return found
}

// Whether a loop is over once it has come by a part of it.
function leavesAfter(part: Node, outer: Node): boolean {
  if (is(outer, 'ReturnStatement', 'ThrowStatement')) return true
  if (!is(outer, 'BlockStatement')) return false
  const isAfter = (one: Node) => one.range[0] > part.range[0]
  return outer.body.some((one) => isAfter(one) && is(one, 'BreakStatement', 'ReturnStatement', 'ThrowStatement'))
}

function isRepeated(loop: Node, part: Node): boolean {
  if (is(loop, 'ForStatement')) return loop.init !== part
  return !is(loop, 'ForInStatement', 'ForOfStatement') || loop.body === part
}

// Whether each round of a loop waits for the calls of the round before.
function waits(module: Module, loop: Node, call: CallNode): boolean {
  let found = false
  module.source.walk(loop, (node) => {
    if (isFunction(node)) return false
    if (is(node, 'AwaitExpression') && isForCalls(module, unwrapped(node.argument), call)) found = true
    if (is(node, 'CallExpression') && blocks(module, node)) found = true
    return !found
  })
  return found
}

function isForCalls(module: Module, awaited: Node, call: CallNode): boolean {
  if (isWithin(call, awaited)) return true
  if (!is(awaited, 'CallExpression')) return is(awaited, 'Identifier', 'MemberExpression')
  const method = module.classes.called(awaited)
  if (method !== undefined) return method.kind !== 'plain' || method.fn.async
  return /^(wait|settled|all|allSettled|then)$/.test(calledMember(awaited)?.name ?? '')
}

// A plain method waits for what it reads of a target.
function blocks(module: Module, call: CallNode): boolean {
  const { object, name = '' } = calledMember(call) ?? {}
  if (name === 'waitSync') return true
  if (!is(object, 'MemberExpression') || /^(set|push|has|keys|isPending)$/.test(name)) return false
  return isTargetField(module.classes.ofInstance(object.object), keyOf(object) ?? '')
}

/** Whether an expression names the same object in each round of a loop. */
export function isShared({ source }: Module, expression: Node, loop: Node): boolean {
  const node = unwrapped(expression)
  if (is(node, 'ThisExpression')) return true
  if (is(node, 'Identifier')) {
    const variable = source.variable(node)
    if (variable === undefined || variable.defs.some(({ name }) => isWithin(name, loop))) return false
    return !variable.references.some((one) => one.isWrite() && isWithin(one.identifier, loop))
  }
  if (!is(node, 'MemberExpression') || !isShared({ source } as Module, node.object, loop)) return false
  if (node.computed && !is(node.property, 'Literal') && !isShared({ source } as Module, node.property, loop))
    return false
  const key = keyOf(node)
  let isAssigned = false
  source.walk(loop, (inner) => {
    if (!is(inner, 'AssignmentExpression') || !is(inner.left, 'MemberExpression')) return
    if (keyOf(inner.left) === key) isAssigned = true
  })
  return !isAssigned
}

/** Whether a key that a method computes is the same in all its calls in a loop. */
export function isSameKey(module: Module, key: Node, fn: FunctionNode, call: CallNode, loop: Node): boolean {
  const { source } = module
  let isSame = true
  source.walk(key, (node) => {
    if (is(node, 'AwaitExpression', 'CallExpression', 'NewExpression', 'ThisExpression', 'YieldExpression'))
      isSame = false
    const variable = is(node, 'Identifier') ? source.variable(node) : undefined
    if (variable === undefined || is(variable.scope.block, 'Program')) return
    const index = parametersOf(fn).indexOf(variable.defs[0]!.name)
    const given = index === -1 ? constantOf(variable) : call.arguments[index]
    const isAlike =
      given !== undefined &&
      (index === -1 ? isSameKey(module, given, fn, call, loop) : is(given, 'Literal') || isShared(module, given, loop))
    if (!isAlike) isSame = false
  })
  return isSame
}
