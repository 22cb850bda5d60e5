// What the methods of arrays, Maps and Sets do with the functions that they are given.

import { type CallNode, calledMember, type FunctionNode, is, isWrapper, type Node } from './nodes.js'

/** Methods that test what their callback returns. */
const TESTING = ['every', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'some']
/** Methods that calculate with it. */
const ORDERING = ['sort', 'toSorted']
const REDUCING = ['reduce', 'reduceRight']
/** Methods that call their callback with one element after the other, the element first. */
const EACH = [...TESTING, 'flatMap', 'forEach', 'map']

/** The call whose callback a function is: its first argument, or the second of `Array.from`. */
export function callTakingBack(fn: FunctionNode): { readonly call: CallNode; readonly name: string } | undefined {
  let given: Node = fn
  while (isWrapper(given.parent)) given = given.parent
  const call = given.parent
  if (!is(call, 'CallExpression')) return undefined
  const { object, name } = calledMember(call) ?? {}
  if (name === undefined) return undefined
  if (name === 'from' && is(object, 'Identifier') && object.name === 'Array')
    return call.arguments[1] === given ? { call, name: 'from' } : undefined
  return call.arguments[0] === given ? { call, name } : undefined
}

/** What becomes of the value that a callback returns, where it is used as a plain one. */
export function useOfReturned(fn: FunctionNode): 'condition' | 'arithmetic' | undefined {
  if (fn.async || fn.generator) return undefined
  const { name = '' } = callTakingBack(fn) ?? {}
  if (TESTING.includes(name)) return 'condition'
  return ORDERING.includes(name) ? 'arithmetic' : undefined
}

/** The list whose elements are a parameter of a callback, one after the other. */
export function listOfParameter(fn: FunctionNode, index: number): Node | undefined {
  const { call, name } = callTakingBack(fn) ?? {}
  if (call === undefined || name === undefined) return undefined
  if (name === 'from') return index === 0 ? call.arguments[0] : undefined
  const isElement =
    (EACH.includes(name) && index === 0) ||
    (ORDERING.includes(name) && index < 2) ||
    (REDUCING.includes(name) && (index === 1 || (index === 0 && call.arguments.length === 1)))
  return isElement ? calledMember(call)!.object : undefined
}

/** Whether a function is called once for each element of something. */
export function isLoopBody(fn: FunctionNode): boolean {
  const { name = '' } = callTakingBack(fn) ?? {}
  return name === 'from' || EACH.includes(name) || REDUCING.includes(name)
}
