import type { MethodEntry } from './metadata.js'
import type { Change } from './protocol.js'
import { type CallSnapshot, IncompleteSnapshot, type Snapshot, unitOf } from './values/snapshot.js'

// A call may write what was there already, as the first one often does; so many calls that change nothing are believed.
const CONVINCING = 3

/** The job itself, as a parameter among the others. */
const THIS = -1

/**
 * What is known of what a method changes: declared by `mutates`, or learnt from its calls. Calls that may change an object
 * run before later calls that share it; but once it is known which parameter a method changes, its calls are recorded there,
 * and run beside each other.
 */
export class Profile {
  readonly #declared: ReadonlySet<number> | undefined
  // Parameters that calls have changed, and those of them in which nobody can see what is read.
  readonly #changed: Set<number>
  readonly #opaque = new Set<number>()
  #isUnknown: boolean
  #unchanging = 0

  constructor({ options: { mutates = 'auto' } }: MethodEntry) {
    this.#declared = mutates === 'auto' ? undefined : new Set(mutates || [])
    this.#changed = new Set(this.#declared)
    this.#isUnknown = this.#declared === undefined
  }

  /** Calls may change what they are given. */
  get isSuspect(): boolean {
    return this.#isUnknown || this.#changed.size > 0
  }

  /** Nothing is known yet. */
  get isUnknown(): boolean {
    return this.#isUnknown
  }

  /** What is known so far, to be compared with what is known later. */
  get knowledge(): string {
    return `${this.#isUnknown && this.#unchanging} ${[...this.#changed]} ${[...this.#opaque]}`
  }

  /** Takes in what a call did to the objects of its snapshot. */
  learn(snapshot: CallSnapshot, patch: readonly Change[]): void {
    if (patch.length > 0 || ++this.#unchanging === CONVINCING) this.#isUnknown = false
    for (const [operation, target] of patch) {
      for (const parameter of parametersOf(snapshot, target)) {
        this.#changed.add(parameter)
        if (operation === 'bytes' || operation === 'time' || operation === 'freeze') this.#opaque.add(parameter)
      }
    }
  }

  /** Takes in that recording a call was of no use: those that follow wait for each other instead. */
  giveUpRecording(snapshot: CallSnapshot, units: readonly number[]): void {
    for (const unit of units)
      for (const parameter of parametersOfUnit(snapshot.objects ?? [], unit)) this.#opaque.add(parameter)
  }

  /** Stops waiting for the first call to tell. */
  assumeNone(): void {
    this.#isUnknown = false
  }

  /** The objects of a call that it may change, by what is declared: what is learnt may be wrong for the next call. */
  *changeable(snapshot: CallSnapshot): Generator<object> {
    if (snapshot instanceof IncompleteSnapshot) yield* snapshot.nodes
    for (const [i, { graph }] of snapshot.units.entries()) if (this.mayChange(snapshot, i)) yield* graph.nodes
  }

  /** Whether a call may change a unit of its snapshot, by what is declared. */
  mayChange({ objects = [] }: CallSnapshot, unit: number): boolean {
    const declared = this.#declared
    return declared === undefined || parametersOfUnit(objects, unit).some((at) => at === THIS || declared.has(at))
  }

  /** A change of a parameter that the method is declared to leave alone. */
  undeclared(snapshot: CallSnapshot, patch: readonly Change[]): Change | undefined {
    const declared = this.#declared
    if (declared === undefined) return undefined
    return patch.find(
      ([, target]) =>
        !parametersOf(snapshot, target).some((parameter) => parameter === THIS || declared.has(parameter)),
    )
  }

  /** The units of a call whose reads are to be recorded: those that the method changes, where they can be. */
  recordedUnits({ units, objects = [] }: CallSnapshot): readonly number[] {
    if (this.#isUnknown || this.#changed.size === 0) return NONE
    return units.flatMap((unit, i) => (this.#isRecorded(unit, parametersOfUnit(objects, i)) ? [i] : []))
  }

  #isRecorded(unit: Snapshot, parameters: readonly number[]): boolean {
    return (
      unit.isRecordable &&
      parameters.some((parameter) => this.#changed.has(parameter)) &&
      !parameters.some((parameter) => this.#opaque.has(parameter))
    )
  }
}

const NONE: readonly number[] = []

// Parameters through which an object was passed. Where they share objects they came as one.
function parametersOf(snapshot: CallSnapshot, target: object): readonly number[] {
  return parametersOfUnit(snapshot.objects ?? [], unitOf(snapshot, target))
}

function parametersOfUnit(objects: readonly number[], unit: number): readonly number[] {
  const parameters = unit === 0 ? [THIS] : []
  for (let i = 0; i < objects.length; i += 3) if (objects[i + 1] === unit) parameters.push(objects[i]!)
  return parameters
}
