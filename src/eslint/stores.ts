// What a variable is given, and what is put into the array or Map that it holds.

import { functionAround, is, isWithin, isWrapper, keyOf, LOOPS, type Node } from './nodes.js'
import type { Reference, Variable } from './source.js'

// They leave the array or Map, and what is in it, as it is.
const LOOKING = [
  'at',
  'entries',
  'every',
  'filter',
  'find',
  'flat',
  'flatMap',
  'forEach',
  'get',
  'has',
  'includes',
  'join',
  'keys',
  'map',
  'reduce',
  'slice',
  'some',
  'values',
]
// Nor do these functions, whatever they are given.
const HARMLESS = /^(Array|JSON|Math|Object|Promise|String|console|structuredClone)$/

/** All that is put into what a variable holds; `undefined` where somebody else may put something in. */
export function putInto(variable: Variable): Node[] | undefined {
  const found: Node[] = []
  for (const reference of variable.references) {
    const put = reference.init === true ? [] : putBy(reference)
    if (put === undefined) return undefined
    found.push(...put)
  }
  return found
}

function putBy({ identifier }: Reference): readonly Node[] | undefined {
  let node: Node = identifier
  while (isWrapper(node.parent)) node = node.parent
  const { parent } = node
  if (is(parent, 'MemberExpression') && parent.object === node) return putThrough(parent)
  if (is(parent, 'CallExpression', 'NewExpression')) return isHarmless(parent.callee) ? [] : undefined
  if (is(parent, 'AssignmentExpression')) return parent.right === node ? undefined : []
  if (is(parent, 'ArrayExpression', 'Property', 'VariableDeclarator')) {
    // Another name for the same: of the names that a pattern gives to its elements each is one of its own.
    return is(parent, 'VariableDeclarator') && !is(parent.id, 'Identifier') ? [] : undefined
  }
  return []
}

function putThrough(
  member: Node & { readonly property: Node; readonly computed: boolean },
): readonly Node[] | undefined {
  let node: Node = member
  while (isWrapper(node.parent)) node = node.parent
  const use = node.parent
  if (is(use, 'AssignmentExpression') && use.left === node) return member.computed ? [use.right] : undefined
  if (is(use, 'UpdateExpression', 'ArrayPattern') || (is(use, 'ForOfStatement') && use.left === node)) return undefined
  if (!is(use, 'CallExpression') || use.callee !== node) return []
  const name = keyOf(member) ?? ''
  if (name === 'push' || name === 'unshift') return use.arguments
  if (name === 'set') return use.arguments.slice(1, 2)
  return [...LOOKING, 'pop', 'shift', 'delete', 'clear', 'reverse', 'sort'].includes(name) ? [] : undefined
}

function isHarmless(callee: Node): boolean {
  const name = is(callee, 'MemberExpression') ? callee.object : callee
  return is(name, 'Identifier') && HARMLESS.test(name.name)
}

/** Whether a place may be reached before another one: it stands above it, in a loop with it, or in another function. */
export function mayPrecede(one: Node, other: Node): boolean {
  if (one.range[0] < other.range[0]) return true
  for (let outer: Node | null = other.parent; outer !== null; outer = outer.parent)
    if (is(outer, ...LOOPS) && isWithin(one, outer)) return true
  return functionAround(one) !== functionAround(other)
}
