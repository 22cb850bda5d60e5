import { callTakingBack, listOfParameter } from './callbacks.js'
import { type Change, chainFrom, changeOf, changesSurely } from './changes.js'
import type { Module } from './module.js'
import { type FunctionNode, is, isFunction, isWithin, type Node, parametersOf } from './nodes.js'
import { isReassigned, type Variable } from './source.js'

/** A change that a function makes to what it is given. */
export interface ParameterChange {
  /** The number of the parameter. */
  readonly index: number
  /** What does it, in the function itself. */
  readonly node: Node
  /** The computed names and indexes that lead to the place; `undefined` if they are not known. */
  readonly keys: readonly Node[] | undefined
}

const known = new WeakMap<FunctionNode, readonly ParameterChange[]>()

/** The changes that a function makes to its parameters, by itself and through other functions of the module. */
export function parameterChanges(module: Module, fn: FunctionNode): readonly ParameterChange[] {
  const before = known.get(fn)
  if (before !== undefined) return before
  // What a function that calls itself does by that it does by itself as well.
  known.set(fn, [])
  const search = new Search(module)
  const found = parametersOf(fn).flatMap((parameter, index) =>
    search.inPattern(parameter, []).map((change) => ({ index, ...change })),
  )
  known.set(fn, found)
  return found
}

type Found = Omit<ParameterChange, 'index'>
type Keys = ParameterChange['keys']

class Search {
  readonly #module: Module
  readonly #variables = new Set<Variable>()

  constructor(module: Module) {
    this.#module = module
  }

  /** The changes of all that a pattern gives a name. */
  inPattern(pattern: Node, keys: Keys): Found[] {
    switch (pattern.type) {
      case 'Identifier': {
        const variable = this.#module.source.variable(pattern)
        return variable === undefined ? [] : this.#ofVariable(variable, keys)
      }
      case 'AssignmentPattern':
        return this.inPattern(pattern.left, keys)
      case 'TSParameterProperty':
        return this.inPattern(pattern.parameter, keys)
      case 'ArrayPattern':
        return pattern.elements.flatMap((element) => (element === null ? [] : this.inPattern(element, keys)))
      case 'ObjectPattern':
        return pattern.properties.flatMap((one) => (is(one, 'Property') ? this.inPattern(one.value, keys) : []))
      default:
        // What `...rest` gathers is an array of its own.
        return []
    }
  }

  #ofVariable(variable: Variable, keys: Keys): Found[] {
    if (this.#variables.has(variable) || isReassigned(variable)) return []
    this.#variables.add(variable)
    return variable.references.flatMap(({ identifier, init }) => (init === true ? [] : this.#at(identifier, keys)))
  }

  #at(identifier: Node, before: Keys): Found[] {
    const change = changeOf(this.#module.source, identifier)
    if (change !== undefined) return changesSurely(change) ? [foundIn(change, before)] : []
    const { end, keys: further } = chainFrom(identifier)
    const keys = before && [...before, ...further]
    const { parent } = end
    // const { counts } = stock
    if (is(parent, 'VariableDeclarator')) return parent.init === end ? this.inPattern(parent.id, keys) : []
    if (is(parent, 'ForOfStatement')) return parent.right === end ? this.#inLoop(parent.left) : []
    if (!is(parent, 'CallExpression')) return []
    return parent.callee === end ? this.#inCallback(parent) : this.#inCalled(parent, end, keys)
  }

  // for (const body of bodies)
  #inLoop(left: Node): Found[] {
    const declarator = is(left, 'VariableDeclaration') ? left.declarations[0] : undefined
    return is(declarator, 'VariableDeclarator') ? this.inPattern(declarator.id, undefined) : []
  }

  // bodies.forEach((body) => …)
  #inCallback(call: Node & { readonly arguments: readonly Node[] }): Found[] {
    const [fn] = call.arguments
    if (!isFunction(fn) || callTakingBack(fn)?.call !== call) return []
    return fn.params.flatMap((parameter, index) =>
      listOfParameter(fn, index) === undefined ? [] : this.inPattern(parameter, undefined),
    )
  }

  // A function that changes what it is given.
  #inCalled(call: Node & { readonly type: 'CallExpression' }, argument: Node, keys: Keys): Found[] {
    const fn = this.#module.calledFunction(call)
    const parameter = fn && this.#module.parameterOf(fn, call, argument)
    if (fn === undefined || parameter === undefined) return []
    const index = parametersOf(fn).findIndex((one) => isWithin(parameter, one))
    return parameterChanges(this.#module, fn)
      .filter((change) => change.index === index)
      .map((change) => ({ node: call, keys: change.keys?.length === 0 ? keys : undefined }))
  }
}

function foundIn({ node, keys }: Change, before: Keys): Found {
  return { node, keys: before && [...before, ...keys] }
}
