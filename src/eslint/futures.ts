import { listOfParameter } from './callbacks.js'
import { elementOf, type Held, listOf, optional, taken } from './held.js'
import { isDeco } from './imports.js'
import type { Module } from './module.js'
import {
  type CallNode,
  calledMember,
  type FunctionNode,
  is,
  isFunction,
  isNullish,
  isWithin,
  keyOf,
  type Node,
  type NodeOf,
  unwrapped,
} from './nodes.js'
import { returnsOf } from './returns.js'
import { type Definition, isReassigned, type Variable } from './source.js'
import { mayPrecede, putInto } from './stores.js'

const KEEPING = ['concat', 'filter', 'reverse', 'slice', 'sort', 'toReversed', 'toSorted', 'values']
const PICKING = ['at', 'find', 'findLast', 'pop', 'shift']
const EXECUTORS = ['threads', 'processes', 'inline', 'bullmq']

/** Finds the Futures of a module: from the calls that give them through variables, arrays, objects and loops. */
export class Futures {
  readonly #module: Module
  readonly #known = new Map<Node, Held | undefined>()
  readonly #returned = new Map<FunctionNode, Held | undefined>()

  constructor(module: Module) {
    this.#module = module
  }

  /** What an expression gives; `undefined` for all that is no Future and holds none, and for what is not known. */
  of(expression: Node): Held | undefined {
    const node = unwrapped(expression)
    if (this.#known.has(node)) return this.#known.get(node)
    // What depends on itself is not known.
    this.#known.set(node, undefined)
    const held = this.#evaluate(node)
    this.#known.set(node, held)
    return held
  }

  #evaluate(node: Node): Held | undefined {
    switch (node.type) {
      case 'CallExpression':
        return this.#called(node)
      case 'Identifier':
        return this.#variable(node)
      case 'MemberExpression':
        return this.#member(node)
      case 'ArrayExpression':
        return this.#array(node)
      case 'ObjectExpression':
        return this.#object(node)
      case 'AssignmentExpression':
        return node.operator === '=' ? this.of(node.right) : undefined
      case 'ConditionalExpression':
        return this.#either([node.consequent, node.alternate])
      case 'SequenceExpression':
        return this.of(node.expressions.at(-1)!)
      default:
        return undefined
    }
  }

  /** One of these; `null` stands for nothing. */
  #either(nodes: readonly (Node | null)[]): Held | undefined {
    const given = nodes.filter((node) => node !== null && !isNullish(node)) as Node[]
    const all = given.map((node) => this.of(node))
    const [held] = all
    if (held === undefined || !all.every((one) => one?.kind === held.kind)) return undefined
    const isOptional = given.length < nodes.length || all.some((one) => one?.kind === 'future' && one.isOptional)
    return isOptional ? optional(held) : held
  }

  #called(call: CallNode): Held | undefined {
    const method = this.#module.classes.called(call)
    if (method?.kind === 'concurrent') return this.#future(call, `${method.owner.name}.${method.name}`, method.fn.async)
    if (method?.kind === 'synchronized') return undefined
    const fn = this.#module.calledFunction(call)
    return fn === undefined ? this.#builtIn(call) : this.#returnedBy(fn)
  }

  // In a worker, and under `serial()`, a call runs in place and gives its value.
  #future(call: CallNode, name: string, isAsync: boolean): Held | undefined {
    if (this.#module.isInWorker(call) || this.#runsInPlace(calledMember(call)!.object)) return undefined
    return { kind: 'future', call: name, isPromise: isAsync, isOptional: false }
  }

  // A job that is made with an executor that is not known to give Futures.
  #runsInPlace(job: Node): boolean {
    const { source } = this.#module
    const node = unwrapped(job)
    if (is(node, 'Identifier')) {
      const [definition] = source.variable(node)?.defs ?? []
      const init = is(definition?.node, 'VariableDeclarator') ? definition.node.init : null
      return init !== null && !is(init, 'Identifier') && this.#runsInPlace(init)
    }
    if (!is(node, 'NewExpression')) return false
    return node.arguments.some((argument) => {
      if (!is(argument, 'ObjectExpression')) return false
      const executor = argument.properties.find((one) => !is(one, 'Property') || keyOf(one) === 'executor')
      if (executor === undefined) return false
      if (!is(executor, 'Property') || !is(executor.value, 'CallExpression')) return true
      return !isDeco(source, executor.value.callee, ...EXECUTORS)
    })
  }

  #builtIn(call: CallNode): Held | undefined {
    const { object, name = '' } = calledMember(call) ?? {}
    if (object === undefined) return undefined
    if (name === 'from' && this.#module.source.isGlobal(object, 'Array')) return this.#arrayFrom(call)
    const [callback] = call.arguments
    if (name === 'map') return isFunction(callback) ? listOf(this.#returnedBy(callback)) : undefined
    if (name === 'flatMap') return isFunction(callback) ? listOf(flat(this.#returnedBy(callback))) : undefined
    const held = this.of(object)
    if (held?.kind === 'list') {
      if (name === 'entries')
        return held.each && listOf({ kind: 'list', each: undefined, elements: [undefined, held.each] })
      if (PICKING.includes(name)) return optional(held.each)
      return KEEPING.includes(name) && call.arguments.every((one) => name !== 'concat' || this.#isAlike(one, held))
        ? listOf(held.each)
        : undefined
    }
    if (held?.kind !== 'map') return undefined
    if (name === 'get') return optional(held.each)
    return name === 'values' ? listOf(held.each) : undefined
  }

  #isAlike(node: Node, { kind }: Held): boolean {
    return this.of(node)?.kind === kind
  }

  #arrayFrom({ arguments: [from, callback] }: CallNode): Held | undefined {
    if (callback !== undefined) return isFunction(callback) ? listOf(this.#returnedBy(callback)) : undefined
    const held = from && this.of(from)
    return held?.kind === 'list' ? held : undefined
  }

  #returnedBy(fn: FunctionNode): Held | undefined {
    if (fn.async || fn.generator) return undefined
    if (this.#returned.has(fn)) return this.#returned.get(fn)
    this.#returned.set(fn, undefined)
    const held = this.#either(returnsOf(this.#module.source, fn))
    this.#returned.set(fn, held)
    return held
  }

  #array({ elements }: NodeOf<'ArrayExpression'>): Held | undefined {
    const all = elements.map((element) => {
      if (element === null) return undefined
      if (!is(element, 'SpreadElement')) return this.of(element)
      const spread = this.of(element.argument)
      return spread?.kind === 'list' ? spread.each : undefined
    })
    if (all.every((held) => held === undefined)) return undefined
    const each = all.every((held) => held?.kind === all[0]?.kind) ? all[0] : undefined
    if (elements.some((element) => is(element, 'SpreadElement'))) return listOf(each)
    return { kind: 'list', each, elements: all }
  }

  #object({ properties }: NodeOf<'ObjectExpression'>): Held | undefined {
    const known = new Map<string, Held>()
    for (const property of properties) {
      if (!is(property, 'Property')) return undefined
      const name = keyOf(property)
      const held = this.of(property.value)
      if (name !== undefined && held !== undefined) known.set(name, held)
    }
    return known.size === 0 ? undefined : { kind: 'object', properties: known }
  }

  #member(node: NodeOf<'MemberExpression'>): Held | undefined {
    const held = this.of(node.object)
    const name = keyOf(node)
    if (held?.kind === 'object') return name === undefined ? undefined : held.properties.get(name)
    if (held?.kind !== 'list' || !node.computed || (name !== undefined && !/^\d+$/.test(name))) return undefined
    return held.elements === undefined || name === undefined ? optional(held.each) : held.elements[Number(name)]
  }

  #variable(identifier: NodeOf<'Identifier'>): Held | undefined {
    const variable = this.#module.source.variable(identifier)
    const [definition, other] = variable?.defs ?? []
    if (variable === undefined || definition === undefined || other !== undefined) return undefined
    if (isReassigned(variable)) return this.#reassigned(variable, definition, identifier)
    const held = definition.type === 'Parameter' ? this.#parameter(definition) : this.#declared(variable, definition)
    return held === undefined || held.kind === 'future' || this.#staysAs(variable, held) ? held : undefined
  }

  #declared(variable: Variable, { type, node, name }: Definition): Held | undefined {
    if (type !== 'Variable' || !is(node, 'VariableDeclarator')) return undefined
    const loop = node.parent.parent
    if (is(loop, 'ForOfStatement') && loop.left === node.parent)
      return loop.await ? undefined : taken(elementOf(this.of(loop.right)), node.id, name)
    if (node.init === null) return undefined
    return taken(this.of(node.init), node.id, name) ?? this.#collectedIn(variable, node.init)
  }

  // Whether what is put into an array, Map or object is what is in it already.
  #staysAs(variable: Variable, held: Held): boolean {
    const each = held.kind === 'list' || held.kind === 'map' ? held.each : undefined
    return putInto(variable)?.every((node) => each !== undefined && this.#isAlike(node, each)) ?? false
  }

  // The elements that an array or a Map method calls its callback with.
  #parameter({ node, name }: Definition): Held | undefined {
    if (!isFunction(node)) return undefined
    const index = node.params.findIndex((parameter) => isWithin(name, parameter))
    const list = listOfParameter(node, index)
    const held = list && this.of(list)
    const each = held?.kind === 'map' ? held.each : elementOf(held)
    return each && taken(each, node.params[index]!, name)
  }

  // A `let`: all that it may have been given by the time of the read must be Futures.
  #reassigned(variable: Variable, { node, type }: Definition, at: Node): Held | undefined {
    if (type !== 'Variable' || !is(node, 'VariableDeclarator') || !is(node.id, 'Identifier')) return undefined
    const writes = variable.references.filter(
      (reference) => reference.isWrite() && reference.init !== true && mayPrecede(reference.identifier, at),
    )
    const given = writes.map(({ identifier: { parent } }) =>
      is(parent, 'AssignmentExpression') && parent.operator === '=' ? parent.right : undefined,
    )
    if (given.includes(undefined)) return undefined
    const held = this.#either([node.init, ...(given as Node[])])
    return held?.kind === 'future' ? held : undefined
  }

  // `const list = []`, and then nothing but Futures is put into it.
  #collectedIn(variable: Variable, init: Node): Held | undefined {
    const kind = this.#emptyKind(unwrapped(init))
    const given = kind && putInto(variable)
    const each = given && this.#either(given)
    if (each === undefined) return undefined
    return kind === 'map' ? { kind, each } : listOf(each)
  }

  #emptyKind(node: Node): 'list' | 'map' | undefined {
    const { source } = this.#module
    if (is(node, 'ArrayExpression')) return node.elements.length === 0 ? 'list' : undefined
    if (!is(node, 'NewExpression')) return undefined
    if (source.isGlobal(node.callee, 'Array')) return 'list'
    return source.isGlobal(node.callee, 'Map') && node.arguments.length === 0 ? 'map' : undefined
  }
}

function flat(held: Held | undefined): Held | undefined {
  return held?.kind === 'list' ? held.each : held
}
