import { contentOf } from '../target.js'

/** What it takes of a graph; graphs themselves are decoded with the help of known objects. */
interface Objects {
  readonly nodes: readonly object[]
  numberOf(value: object): number | undefined
  isMoved(number: number): boolean
  /** Those that the caller knows by the targets before them. */
  readonly fronted: ReadonlySet<object>
}

/** The objects of a call, which both sides have, numbered through from unit to unit. */
export class KnownObjects {
  readonly size: number
  readonly #graphs: readonly Objects[]
  #standIns: Map<object, number> | undefined

  constructor(graphs: readonly Objects[]) {
    this.#graphs = graphs
    this.size = graphs.reduce((sum, { nodes }) => sum + nodes.length, 0)
  }

  /** The number of an object that both sides still have: what changed hands is here alone, and new to the other side. */
  find(value: object): number | undefined {
    const found = this.#find(value)
    return found === undefined || found.isMoved ? this.#standIns?.get(value) : found.number
  }

  /** What stands for a value as the other side has it, empty shell or not: to name it as a key, or as what was there before. */
  own(value: unknown): unknown {
    const found = typeof value === 'object' && value !== null ? this.#find(value) : undefined
    if (!found?.isMoved) return value
    const standIn = {}
    this.#standIns ??= new Map()
    this.#standIns.set(standIn, found.number)
    return standIn
  }

  #find(value: object): { number: number; isMoved: boolean } | undefined {
    let offset = 0
    for (const graph of this.#graphs) {
      const number = graph.numberOf(value)
      if (number !== undefined) return { number: offset + number, isMoved: graph.isMoved(number) }
      offset += graph.nodes.length
    }
    return undefined
  }

  /** The object with a number, as its owner holds it in his hands. */
  at(number: number): object {
    for (const { nodes, fronted } of this.#graphs) {
      const node = nodes[number]
      if (node !== undefined) return fronted.has(node) ? contentOf(node)!.proxy : node
      number -= nodes.length
    }
    throw new RangeError(`no object ${number} among those of the call`)
  }
}

export const NONE = new KnownObjects([])
