import type { Call } from './call.js'

/**
 * Which open calls, of all jobs in this thread, may change which objects. A call that shares one of them with an earlier
 * call waits until that one is committed, or is known to change nothing.
 */
class Claims {
  readonly #objects = new Map<Call, readonly object[]>()
  // Of every claimed object, the calls that claim it, in program order.
  readonly #calls = new Map<object, Set<Call>>()
  // Calls that wait, in program order, and what they do then.
  readonly #held = new Map<Call, () => void>()
  #newest = 0

  /** Lets a call go at once, or as soon as no earlier one may change what it sees. */
  pass(call: Call, mayChange: boolean, go: () => void): void {
    const mustWait = this.blockerOf(call) !== undefined
    if (mayChange) this.claim(call)
    if (mustWait) this.#held.set(call, go)
    else go()
  }

  /** Claims what a call sees now, and no longer what it saw before. */
  claim(call: Call): void {
    this.#unclaim(call)
    const { method, snapshot } = call
    const objects = [...objectsOf(call, (unit) => method.profile.mayChange(snapshot, unit))]
    this.#objects.set(call, objects)
    for (const object of objects) {
      const calls = this.#calls.get(object)
      if (calls === undefined) this.#calls.set(object, new Set([call]))
      else if (this.#newest < call.order) calls.add(call)
      else this.#calls.set(object, new Set([...calls, call].sort((a, b) => a.order - b.order)))
    }
    this.#newest = Math.max(this.#newest, call.order)
  }

  has(call: Call): boolean {
    return this.#objects.has(call)
  }

  /** Whether no call claims anything, nor waits. */
  get isEmpty(): boolean {
    return this.#objects.size + this.#held.size === 0
  }

  /** Ends the claims of calls, which lets others go. */
  release(calls: Iterable<Call>): void {
    if (this.isEmpty) return
    let any = false
    for (const call of calls) {
      any = this.#unclaim(call) || any
      this.#held.delete(call)
    }
    if (any) this.#letGo()
  }

  releaseWhere(matches: (call: Call) => boolean): void {
    for (const call of this.#objects.keys()) if (matches(call)) this.#unclaim(call)
    this.#letGo()
  }

  /** The earliest call that may change something that this one sees. */
  blockerOf(call: Call): Call | undefined {
    if (this.#objects.size === 0) return undefined
    // What a call reads of units that are recorded shows afterwards.
    const recorded = call.method.profile.recordedUnits(call.snapshot)
    for (const object of objectsOf(call, (unit) => !recorded.includes(unit))) {
      const calls = this.#calls.get(object)
      if (calls === undefined) continue
      const [first] = calls
      if (first!.order < call.order) return first
    }
    return undefined
  }

  #unclaim(call: Call): boolean {
    const objects = this.#objects.get(call)
    if (objects === undefined) return false
    this.#objects.delete(call)
    for (const object of objects) {
      const calls = this.#calls.get(object)!
      calls.delete(call)
      if (calls.size === 0) this.#calls.delete(object)
    }
    return true
  }

  #letGo(): void {
    for (const [call, go] of this.#held) {
      if (this.blockerOf(call) !== undefined) continue
      this.#held.delete(call)
      go()
    }
  }
}

export const claims = new Claims()

// What is frozen cannot change, and a job without data fields has nothing that could.
function* objectsOf({ units }: Call, counts: (unit: number) => boolean): Generator<object> {
  for (const [i, unit] of units.entries()) if (!unit.frozen && !unit.isBare && counts(i)) yield* unit.graph.described
}
