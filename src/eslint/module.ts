import type { SourceCode } from 'eslint'
import { isLoopBody } from './callbacks.js'
import { Classes, type Method } from './classes.js'
import {
  type CallNode,
  type FunctionNode,
  functionAround,
  is,
  isFunction,
  type Node,
  parametersOf,
  unwrapped,
} from './nodes.js'
import { constantOf, isExported, Source } from './source.js'

const modules = new WeakMap<SourceCode, Module>()

/** What the rules know of a file; they share it. */
export class Module {
  readonly source: Source
  readonly classes: Classes
  #workerOnly: ReadonlySet<Method> | undefined

  static of(sourceCode: SourceCode): Module {
    const module = modules.get(sourceCode) ?? new Module(sourceCode)
    modules.set(sourceCode, module)
    return module
  }

  private constructor(sourceCode: SourceCode) {
    this.source = new Source(sourceCode)
    this.classes = new Classes(this.source)
  }

  /** The function that an expression is or names, if it is one of this module. */
  functionOf(expression: Node): FunctionNode | undefined {
    const node = unwrapped(expression)
    if (isFunction(node)) return node
    const variable = is(node, 'Identifier') ? this.source.variable(node) : undefined
    const definition = variable?.defs.length === 1 ? variable.defs[0] : undefined
    if (definition?.type === 'FunctionName') return isFunction(definition.node) ? definition.node : undefined
    const value = constantOf(variable)
    return value === undefined || is(value, 'Identifier') ? undefined : this.functionOf(value)
  }

  /** The function or method of this module that a call runs. */
  calledFunction(call: CallNode): FunctionNode | undefined {
    return this.functionOf(call.callee) ?? this.classes.called(call)?.fn
  }

  /** The parameter of a function of this module that takes an argument of a call, without its default. */
  parameterOf(fn: FunctionNode, call: CallNode, argument: Node): Node | undefined {
    const index = call.arguments.indexOf(argument)
    if (call.arguments.slice(0, index).some((one) => is(one, 'SpreadElement'))) return undefined
    const parameter = parametersOf(fn)[index]
    return is(parameter, 'AssignmentPattern') ? parameter.left : parameter
  }

  /** Whether what stands here runs while the module is imported, and never again. */
  runsOnImport(node: Node, seen: ReadonlySet<Node> = new Set()): boolean {
    const fn = functionAround(node)
    if (fn === undefined) return true
    if (seen.has(fn)) return false
    const isHere = (place: Node) => this.runsOnImport(place, new Set([...seen, fn]))
    // (() => …)(), and [1, 2].forEach(() => …)
    if ((is(fn.parent, 'CallExpression') && fn.parent.callee === fn) || isLoopBody(fn)) return isHere(fn)
    const name = is(fn, 'FunctionDeclaration') ? fn.id : is(fn.parent, 'VariableDeclarator') ? fn.parent.id : null
    const variable = name === null ? undefined : this.source.variable(name)
    if (variable === undefined || this.functionOf(name!) !== fn || isExported(variable)) return false
    const uses = variable.references.filter(({ init }) => init !== true).map(({ identifier }) => identifier)
    return uses.every(({ parent }, index) => {
      return is(parent, 'CallExpression') && parent.callee === uses[index] && isHere(parent)
    })
  }

  /** Whether what stands here runs in workers alone: in a concurrent method, or in a method that only these call. */
  isInWorker(node: Node): boolean {
    const method = this.classes.methodAround(node)
    if (method === undefined) return false
    return method.kind === 'concurrent' || (method.kind === 'plain' && this.#onlyInWorker().has(method))
  }

  #onlyInWorker(): ReadonlySet<Method> {
    if (this.#workerOnly !== undefined) return this.#workerOnly
    const concurrent = this.classes.concurrent
    const synchronized = this.classes.all
      .flatMap(({ methods }) => [...methods.values()])
      .filter(({ kind }) => kind === 'synchronized')
    const elsewhere = this.#plainMethodsFrom(synchronized)
    this.#workerOnly = new Set([...this.#plainMethodsFrom(concurrent)].filter((method) => !elsewhere.has(method)))
    return this.#workerOnly
  }

  #plainMethodsFrom(methods: readonly Method[], seen = new Set<Method>()): Set<Method> {
    for (const { fn } of methods) {
      this.source.walk(fn, (node) => {
        const called = is(node, 'CallExpression') ? this.classes.called(node) : undefined
        if (called?.kind !== 'plain' || seen.has(called)) return
        seen.add(called)
        this.#plainMethodsFrom([called], seen)
      })
    }
    return seen
  }
}
