/** What it takes of a graph; graphs themselves are decoded with the help of known objects. */
interface Objects {
  readonly nodes: readonly object[]
  numberOf(value: object): number | undefined
}

/** The objects of a call, which both sides have, numbered through from unit to unit. */
export class KnownObjects {
  readonly size: number
  readonly #graphs: readonly Objects[]

  constructor(graphs: readonly Objects[]) {
    this.#graphs = graphs
    this.size = graphs.reduce((sum, { nodes }) => sum + nodes.length, 0)
  }

  find(value: object): number | undefined {
    let offset = 0
    for (const graph of this.#graphs) {
      const number = graph.numberOf(value)
      if (number !== undefined) return offset + number
      offset += graph.nodes.length
    }
    return undefined
  }

  at(number: number): object {
    for (const { nodes } of this.#graphs) {
      if (number < nodes.length) return nodes[number]!
      number -= nodes.length
    }
    throw new RangeError(`no object ${number} among those of the call`)
  }
}

export const NONE = new KnownObjects([])
