import type { Call } from './call.js'

/** Which open calls may change which objects: later calls that share one of them wait. */
export class Claims {
  readonly #objects = new Map<Call, readonly object[]>()
  // Of every claimed object, the calls that claim it, in program order.
  readonly #calls = new Map<object, Set<Call>>()

  #newest = 0

  /** Claims what a call sees now, and no longer what it saw before. */
  add(call: Call): void {
    this.remove(call)
    const objects = [...objectsOf(call)]
    this.#objects.set(call, objects)
    for (const object of objects) {
      const calls = this.#calls.get(object)
      if (calls === undefined) this.#calls.set(object, new Set([call]))
      else if (this.#newest < call.number) calls.add(call)
      else this.#calls.set(object, new Set([...calls, call].sort((a, b) => a.number - b.number)))
    }
    this.#newest = Math.max(this.#newest, call.number)
  }

  has(call: Call): boolean {
    return this.#objects.has(call)
  }

  remove(call: Call): void {
    const objects = this.#objects.get(call)
    if (objects === undefined) return
    this.#objects.delete(call)
    for (const object of objects) {
      const calls = this.#calls.get(object)!
      calls.delete(call)
      if (calls.size === 0) this.#calls.delete(object)
    }
  }

  removeWhere(matches: (call: Call) => boolean): void {
    for (const call of this.#objects.keys()) if (matches(call)) this.remove(call)
  }

  /** Whether an earlier call may change something that this one sees. */
  standBefore(call: Call): boolean {
    if (this.#objects.size === 0) return false
    for (const object of objectsOf(call)) {
      const calls = this.#calls.get(object)
      if (calls === undefined) continue
      const [first] = calls
      if (first!.number < call.number) return true
    }
    return false
  }

  clear(): void {
    this.#objects.clear()
    this.#calls.clear()
  }
}

// What is frozen cannot change, and a job without data fields has nothing that could.
function* objectsOf({ units }: Call): Generator<object> {
  for (const unit of units) if (!unit.frozen && !unit.isBare) yield* unit.graph.nodes
}
