import type { Encoded, ExecutorCall, Outcome, Reply, Unit } from '../protocol.js'
import { Encoder } from '../values/encoder.js'
import { decodeAlone, Graph } from '../values/graph.js'
import { KnownObjects } from '../values/known.js'

/** What a call saw and what came of it, as objects that nobody else has. */
export class Decoded {
  readonly args: readonly unknown[]
  readonly #graphs: readonly Graph[]

  constructor({ units, args, objects = [] }: Pick<ExecutorCall, 'units' | 'args' | 'objects'>) {
    const graphs = new Map<Unit, Graph>()
    const graphOf = (unit: Unit): Graph => {
      const known = graphs.get(unit)
      if (known !== undefined) return known
      const graph = Graph.decode(unit.encoded, undefined, (id, node) => {
        return graphOf(units.find((other) => other.id === id)!).nodes[node]!
      })
      graphs.set(unit, graph)
      return graph
    }
    this.#graphs = units.map(graphOf)
    const own = [...args]
    for (let i = 0; i < objects.length; i += 3) own[objects[i]!] = this.#graphs[objects[i + 1]!]!.nodes[objects[i + 2]!]
    this.args = own
  }

  /** What a worker says of the call. */
  outcome({ encoded, outcome }: Reply): Outcome {
    return Graph.decode(encoded, new KnownObjects(this.#graphs)).object(outcome) as unknown as Outcome
  }
}

/** What a call sees, kept until somebody wants to know: snapshots stay as they are, but what changes hands is copied now. */
export function keep({ units, args, objects }: ExecutorCall): Pick<ExecutorCall, 'units' | 'args' | 'objects'> {
  return { units: units.map((unit) => (unit.transfer?.length ? withCopies(unit) : unit)), args: [...args], objects }
}

/** A copy of a value as it would cross; the value itself where it cannot. */
export function copyOf<T>(value: T): T {
  try {
    const encoder = new Encoder()
    encoder.add([value], 'a copy')
    return decodeAlone(encoder.finish()) as T
  } catch {
    return value
  }
}

function withCopies(unit: Unit): Unit {
  const { id, encoded, lasting, frozen } = unit
  const tape = encoded.tape.map((value) => (value instanceof ArrayBuffer ? value.slice(0) : value))
  return { id, encoded: { ...encoded, tape } satisfies Encoded, lasting, frozen }
}
