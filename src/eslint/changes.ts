import { calledMember, is, isWrapper, keyOf, type Node, unwrapped } from './nodes.js'
import type { Source } from './source.js'

/** A change of an object: of a property, an element or an entry, at any depth. */
export interface Change {
  /** What does it: the assignment or the call. */
  readonly node: Node
  /** The names and indexes that lead to the place, as far as they are computed. */
  readonly keys: readonly Node[]
  /** It is made by a method of the object, such as `push`: what is not an array or the like may mean something else by it. */
  readonly byMethod: boolean
}

const OF_ARRAYS = ['copyWithin', 'fill', 'pop', 'push', 'reverse', 'shift', 'sort', 'splice', 'unshift']
const OF_COLLECTIONS = ['add', 'clear', 'delete', 'set']
const OF_VIEWS = /^set(Big)?(Int|Uint|Float)\d+$/
// Functions that change their first argument; those of the second list at a place that the second argument names.
const CHANGING = ['Object.assign', 'Object.defineProperties', 'Object.setPrototypeOf', 'Reflect.setPrototypeOf']
const CHANGING_AT = ['Object.defineProperty', 'Reflect.set', 'Reflect.defineProperty', 'Reflect.deleteProperty']
const ATOMICS = /^Atomics\.(add|and|compareExchange|exchange|or|store|sub|xor)$/

/** The longest chain of properties that begins with an expression, such as `stock.counts[0]`, and the keys that are computed in it. */
export function chainFrom(expression: Node): { readonly end: Node; readonly keys: readonly Node[] } {
  const keys: Node[] = []
  let end = expression
  for (;;) {
    const { parent } = end
    if (!isWrapper(parent)) {
      if (!is(parent, 'MemberExpression') || parent.object !== end) return { end, keys }
      if (parent.computed) keys.push(parent.property)
    }
    end = parent
  }
}

/** The change that is made to what an expression names, where it stands. */
export function changeOf(source: Source, expression: Node): Change | undefined {
  const { end, keys } = chainFrom(expression)
  if (end !== expression && isAssigned(end)) return { node: end.parent, keys, byMethod: false }
  const call = end.parent
  if (!is(call, 'CallExpression')) return undefined
  if (call.callee !== end) return call.arguments[0] === end ? changeByFunction(source, end, keys) : undefined
  const name = calledMember(call)?.name ?? ''
  if (OF_COLLECTIONS.includes(name) || OF_VIEWS.test(name))
    return { node: call, keys: [...keys, ...call.arguments.slice(0, 1)], byMethod: true }
  return OF_ARRAYS.includes(name) ? { node: call, keys, byMethod: true } : undefined
}

// Whether an expression stands where something is assigned to.
function isAssigned(node: Node): boolean {
  const { parent } = node
  switch (parent.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForInStatement':
    case 'ForOfStatement':
      return parent.left === node
    case 'UpdateExpression':
    case 'ArrayPattern':
    case 'RestElement':
      return true
    case 'UnaryExpression':
      return parent.operator === 'delete'
    case 'Property':
      return is(parent.parent, 'ObjectPattern') && parent.value === node
    default:
      return false
  }
}

function changeByFunction(source: Source, node: Node, keys: readonly Node[]): Change | undefined {
  const call = node.parent
  const callee = is(call, 'CallExpression') ? unwrapped(call.callee) : undefined
  if (!is(call, 'CallExpression') || !is(callee, 'MemberExpression') || !is(callee.object, 'Identifier'))
    return undefined
  if (!source.isGlobal(callee.object, 'Object', 'Reflect', 'Atomics')) return undefined
  const name = `${callee.object.name}.${keyOf(callee)}`
  if (CHANGING.includes(name)) return { node: call, keys, byMethod: false }
  if (!CHANGING_AT.includes(name) && !ATOMICS.test(name)) return undefined
  return { node: call, keys: [...keys, ...call.arguments.slice(1, 2)], byMethod: false }
}

/**
 * Whether a change is one for certain. What `set`, `add`, `delete` and `clear` of a class that is not known do to it is told by what becomes of
 * their result: one that changes nothing gives something new. What is used by `Atomics` is shared by threads, and meant to be.
 */
export function changesSurely({ node, byMethod }: Change): boolean {
  const { object, name = '' } = is(node, 'CallExpression') ? (calledMember(node) ?? {}) : {}
  if (!byMethod) return !is(object, 'Identifier') || object.name !== 'Atomics'
  return !OF_COLLECTIONS.includes(name) || is(node.parent, 'ExpressionStatement')
}
