import { inspect } from 'node:util'
import type { Access, Shadow } from './memory.js'

/** How a call came to an object: from which other one and by which key, or as which of its parameters. */
export type Found = readonly [from: Shadow | undefined, key: unknown]

/** A call as the detector sees it: a strand of the program that runs beside others. */
export class Strand {
  /** Its place among the calls of its job. */
  readonly number: number
  /** `Climate.processLatLon`. */
  readonly name: string
  readonly #args: readonly unknown[]
  readonly isRerun: boolean
  /** The job, of which calls are committed one after the other. */
  readonly owner: object
  /** When it was made, and when it was committed, by the detector's clock. */
  readonly born: number
  committed = Number.POSITIVE_INFINITY
  /** Calls whose results it was given: they were committed before it began, and all calls of their jobs before them. */
  readonly after = new Set<Strand>()
  /** What it did, place by place. */
  readonly accesses: Access[] = []
  /** The objects that it has seen. */
  readonly found = new Map<Shadow, Found>()
  /** Objects that it made itself and put where others may find them. It knows them as they are. */
  readonly made = new Set<object>()

  constructor(owner: object, number: number, name: string, args: readonly unknown[], isRerun: boolean, born: number) {
    this.owner = owner
    this.number = number
    this.name = name
    this.#args = args
    this.isRerun = isRerun
    this.born = born
  }

  /** Its arguments in short: `({ lat, lon }, 7)`. */
  get args(): string {
    return `(${this.#args.map(brief).join(', ')})`
  }

  /** It takes the result of another call. */
  takesFrom(other: Strand): void {
    this.after.add(other)
    for (const earlier of other.after) this.after.add(earlier)
  }

  /** Whether nothing orders it after an earlier call: then deco-ts may run the two beside each other. */
  isParallelTo(earlier: Strand): boolean {
    if (earlier.committed <= this.born) return false
    for (const other of this.after) if (other.owner === earlier.owner && earlier.number <= other.number) return false
    return true
  }
}

function brief(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return inspect(value, { maxStringLength: 20 })
  const name = (value.constructor as Function | undefined)?.name ?? 'Object'
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `${name}(${(value as unknown[]).length})`
  if (value instanceof Map || value instanceof Set) return `${name}(${value.size})`
  const keys = Object.keys(value)
  const shown = keys.slice(0, 3).join(', ')
  return `${name === 'Object' ? '' : `${name} `}{ ${shown}${keys.length > 3 ? ', …' : ''} }`
}
