import type { Module } from './module.js'
import { type FunctionNode, is, isWithin, type Node } from './nodes.js'

/** A place in a function that names another function of the module, and so may call it. */
export interface Naming {
  readonly node: Node
  /** How it is named in the source. */
  readonly name: string
  readonly fn: FunctionNode
}

/** Which functions of a module lead to which others. */
export class Reach {
  readonly #module: Module
  readonly #namings = new Map<FunctionNode, readonly Naming[]>()

  constructor(module: Module) {
    this.#module = module
  }

  /** Where a function names others: functions, and methods of the same job that are not themselves concurrent. */
  namingsIn(fn: FunctionNode): readonly Naming[] {
    const known = this.#namings.get(fn)
    if (known !== undefined) return known
    const found: Naming[] = []
    this.#module.source.walk(fn, (node) => {
      const named = this.#namedBy(node)
      if (named !== undefined && !isWithin(named.fn, fn)) found.push({ node, ...named })
    })
    this.#namings.set(fn, found)
    return found
  }

  /** The functions that may run when one of these does, the nearest first. */
  from(functions: readonly FunctionNode[]): ReadonlySet<FunctionNode> {
    const found = new Set(functions)
    // A set gives what is added while one goes through it, too.
    for (const fn of found) for (const naming of this.namingsIn(fn)) found.add(naming.fn)
    return found
  }

  #namedBy(node: Node): Omit<Naming, 'node'> | undefined {
    if (is(node, 'Identifier')) {
      const fn = this.#module.functionOf(node)
      return fn && { fn, name: node.name }
    }
    const method = is(node, 'CallExpression') ? this.#module.classes.called(node) : undefined
    // A concurrent method is looked at by itself.
    if (method === undefined || method.kind === 'concurrent') return undefined
    return { fn: method.fn, name: `this.${method.name}` }
  }
}
