import { inspect, types } from 'node:util'
import { isFuture } from '../../future.js'
import { behind } from '../../target.js'

/** A call as the detector sees it: a strand of the program that runs beside others, and what it does to which objects. */
export class Strand<Access = unknown, Seen = unknown> {
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
  readonly after = new Set<Strand<Access, Seen>>()
  /** What it did, place by place. */
  readonly accesses: Access[] = []
  /** The objects that it has seen: found in which other one and by which key, or as which of its parameters. */
  readonly found = new Map<Seen, readonly [from: Seen | undefined, key: unknown]>()
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
  takesFrom(other: Strand<Access, Seen>): void {
    this.after.add(other)
    for (const earlier of other.after) this.after.add(earlier)
  }

  /** Whether nothing orders it after an earlier call: then deco-ts may run the two beside each other. */
  isParallelTo(earlier: Strand<Access, Seen>): boolean {
    if (earlier.committed <= this.born) return false
    for (const other of this.after) if (other.owner === earlier.owner && earlier.number <= other.number) return false
    return true
  }
}

function brief(given: unknown): string {
  if (typeof given === 'function') return 'a function'
  if (isFuture(given)) return 'a Future'
  // To look at a tracked object would be to wait for its calls.
  const value = typeof given === 'object' && given !== null ? (behind(given)?.held ?? given) : given
  if (typeof value !== 'object' || value === null) return inspect(value, { maxStringLength: 20 })
  const name = (value.constructor as Function | undefined)?.name ?? 'Object'
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `${name}(${(value as unknown[]).length})`
  if (value instanceof Map || value instanceof Set) return `${name}(${value.size})`
  if (types.isDate(value) || types.isRegExp(value)) return inspect(value)
  const keys = Object.keys(value)
  const shown = keys.slice(0, 3).join(', ')
  const content = keys.length === 0 ? '{}' : `{ ${shown}${keys.length > 3 ? ', …' : ''} }`
  return `${name === 'Object' ? '' : `${name} `}${content}`
}
