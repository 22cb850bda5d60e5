import type { Encoded } from '../protocol.js'
import { resolveClass } from './classes.js'
import type { Reader } from './codec.js'
import { codecOf, isClassed, isFreezable, isMovedKind, lock, REFERENCE } from './kinds.js'
import { type KnownObjects, NONE } from './known.js'
import { isCount, malformed } from './malformed.js'
import { checkEncoded } from './sound.js'

/**
 * An encoded graph beside the objects that it describes: in the caller's thread those that were encoded, in a worker those
 * made from it.
 */
export class Graph {
  readonly encoded: Encoded
  /** The objects, in the order of their encoding. */
  readonly nodes: object[]
  readonly fronted: ReadonlySet<object>
  // Objects that the graph refers to without describing them; their numbers come first.
  readonly #known: KnownObjects
  readonly #isRef: Uint8Array
  // Finds an object of another unit, by the unit's id and the object's number in it.
  readonly #shared: SharedObjects
  #numbers: Map<object, number> | undefined
  #prototypes: (object | undefined)[] | undefined
  #unfrozen: readonly number[] | undefined

  constructor(
    encoded: Encoded,
    nodes: object[],
    { known = NONE, shared = refuseShared, fronted = NOTHING }: GraphOptions = {},
  ) {
    this.#shared = shared
    this.fronted = fronted
    this.encoded = encoded
    this.nodes = nodes
    this.#known = known
    this.#isRef = marks(encoded)
  }

  /**
   * Makes the objects of an encoded graph.
   * @throws {SerializationError} for one that no encoder has written
   */
  static decode(encoded: Encoded, known = NONE, shared?: SharedObjects): Graph {
    checkEncoded(encoded, known.size)
    const { kinds } = encoded
    const graph = new Graph(encoded, new Array(kinds.length), { known, shared })
    for (let i = 0; i < kinds.length; i++) graph.#own(i)
    for (let i = 0; i < kinds.length; i++) {
      const { fill } = codecOf(kinds[i]!)
      if (fill === undefined) continue
      const content = graph.content(i)
      fill(graph.nodes[i]!, content)
      content.end()
    }
    for (let i = 0; i < kinds.length; i++) lock(graph.nodes[i]!, kinds[i]!)
    return graph
  }

  /** The object with this number, known ones included. */
  object(number: number): object {
    return number < this.#known.size ? this.#known.at(number) : this.#own(number - this.#known.size)
  }

  /** The place of an object among the graph's own. */
  numberOf(value: object): number | undefined {
    this.#numbers ??= new Map(this.nodes.map((node, i) => [node, i]))
    return this.#numbers.get(value)
  }

  /** Whether the i-th object changed hands with the call, or looks into a buffer that did. */
  isMoved(i: number): boolean {
    if (isMovedKind(this.encoded.kinds[i]!)) return true
    const value = this.nodes[i]!
    if (!ArrayBuffer.isView(value)) return false
    const buffer = this.numberOf(value.buffer)
    return buffer !== undefined && isMovedKind(this.encoded.kinds[buffer]!)
  }

  /** The objects that the graph describes: those of shared values it only refers to. */
  get described(): object[] {
    const { kinds } = this.encoded
    return kinds.includes(REFERENCE) ? this.nodes.filter((_, i) => kinds[i] !== REFERENCE) : this.nodes
  }

  /** The places of the objects that `Object.freeze` does not protect: Maps, Sets, Dates, buffers. */
  get unfrozen(): readonly number[] {
    this.#unfrozen ??= this.encoded.kinds.flatMap((kind, i) => (isFreezable(kind) ? [] : [i]))
    return this.#unfrozen
  }

  /** The objects to which the i-th one refers. */
  children(i: number): object[] {
    const { tape, starts } = this.encoded
    const children: object[] = []
    for (let at = starts[i]!; at < (starts[i + 1] ?? tape.length); at++)
      if (this.#isRef[at] === 1) children.push(this.object(tape[at] as number))
    return children
  }

  /** Makes the i-th object once more, with all that it refers to as it is. */
  copy(i: number): object {
    const copy = this.#create(i)
    codecOf(this.encoded.kinds[i]!).fill?.(copy, this.content(i))
    lock(copy, this.encoded.kinds[i]!)
    return copy
  }

  /** Reads the content of the graph's i-th object. */
  content(i: number): Reader {
    const { tape, starts, kinds } = this.encoded
    let at = starts[i]! + (isClassed(kinds[i]!) ? 1 : 0)
    const end = starts[i + 1] ?? tape.length
    return {
      value: () => {
        const value = tape[at]
        return this.#isRef[at++] === 1 ? this.object(value as number) : value
      },
      raw: () => tape[at++],
      count: () => {
        const count = tape[at++]
        // Nothing takes less than a place of its own.
        if (!isCount(count, end - at)) throw malformed('an object holds more than there is')
        return count
      },
      end: () => {
        if (at !== end) throw malformed('an object ends before its content, or after it')
      },
      isolated: () => decodeAlone(tape[at++] as Encoded),
      shared: () => this.#shared(tape[at++] as number, tape[at++] as number),
    }
  }

  /** Prototype of the registered class of the i-th object, if it has one. */
  classOf(i: number): object | undefined {
    const { tape, starts, kinds, classes } = this.encoded
    if (!isClassed(kinds[i]!)) return undefined
    const number = tape[starts[i]!] as number
    this.#prototypes ??= new Array(classes.length).fill(undefined)
    const ref = classes[number]
    if (ref === undefined) throw malformed('an object is of no class')
    this.#prototypes[number] ??= resolveClass(ref).prototype
    return this.#prototypes[number]
  }

  // Objects are made in order, but a view needs its buffer to be there.
  #own(i: number): object {
    this.nodes[i] ??= this.#create(i)
    return this.nodes[i]
  }

  #create(i: number): object {
    const { create, fill } = codecOf(this.encoded.kinds[i]!)
    const content = this.content(i)
    const value: unknown = create(content, this.classOf(i))
    if (typeof value !== 'object' || value === null) throw malformed('an object is none')
    if (fill === undefined) content.end()
    return value
  }
}

interface GraphOptions {
  readonly known?: KnownObjects | undefined
  readonly shared?: SharedObjects | undefined
  readonly fronted?: ReadonlySet<object>
}

type SharedObjects = (unit: number, node: number) => object

function refuseShared(unit: number): never {
  throw new RangeError(`no unit ${unit} among those of the call`)
}

const NOTHING: ReadonlySet<object> = new Set()

function marks({ tape, refs }: Encoded): Uint8Array {
  const isRef = new Uint8Array(refs.length === 0 ? 0 : tape.length)
  for (const at of refs) isRef[at] = 1
  return isRef
}

/** The value that was encoded as the one item of an array, because it need not be an object. */
export function decodeAlone(encoded: Encoded): unknown {
  const [holder] = Graph.decode(encoded).nodes
  if (!Array.isArray(holder)) throw malformed('it holds no value')
  return (holder as [unknown])[0]
}
