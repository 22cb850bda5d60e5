import type { CallSite } from './call-site.js'
import { channels } from './channels.js'
import { passedOnError } from './conflicts.js'
import { PendingReadError } from './errors.js'
import type { Pending } from './future.js'
import type { JobMethod } from './job-method.js'
import { changedByCaller } from './origin.js'
import type { Change, ExecutorCall, ObjectArguments, Outcome, Reply, Route } from './protocol.js'
import { reportClock } from './report-clock.js'
import { behind, hasContents, type Target } from './target.js'
import { addChanger, removeChanger } from './targets/changers.js'
import type { TracedCall } from './traced-call.js'
import { addCallSite } from './values/failure.js'
import { Graph } from './values/graph.js'
import { KnownObjects } from './values/known.js'
import { checkOutcome } from './values/outcome.js'
import { CallSnapshot, IncompleteSnapshot, type Snapshot, unitOf } from './values/snapshot.js'
import { type Origin, type Written, writes } from './write-log.js'

/** Who a call tells what becomes of it. */
export interface CallOwner {
  /** The call is running. */
  began(call: Call): void
  /** What came of the call is here. */
  arrived(call: Call): void
  /** So much of the call is done. */
  progressed(call: Call, fraction: number): void
  /** Somebody waits for a call: what has not left should leave. */
  awaited(): void
  /** Blocks until the call is over. `false` where the thread may not block. */
  waitFor(call: Call): boolean
  /** Blocks until something has happened. */
  advance(): void
  /** Somebody who asked for a call has been told the error that took its place. */
  told(error: unknown): void
  /** How users name one of the job's targets. */
  nameOf(target: object): string
}

let made = 0

/** What came of a call, and the graph of all that is new in it. */
interface Replied {
  readonly outcome: Outcome
  readonly graph?: Graph
}

/** One call of a concurrent method, from the moment it is made to its commit. */
export class Call implements ExecutorCall, Pending {
  /** Its place among the calls of its job, from 1 on. */
  readonly number: number
  /** Its place among the calls of all jobs. */
  readonly order = ++made
  readonly method: JobMethod
  readonly #owner: CallOwner
  readonly #site: CallSite
  /** The objects that the call sees. */
  snapshot: CallSnapshot
  /** Where the phase's write log ended when the snapshot was taken. */
  base: number
  /** What is told of it, where somebody listens. */
  trace: TracedCall | undefined
  /** The units of which it is to be told what the call reads. */
  recorded: readonly number[] = NONE
  // A list, or what stands alone in it, where that is no object: of many pending calls, lists would be half of what is collected.
  #args: unknown
  #state: 'open' | 'returned' | 'replied' | 'committed' | 'failed' = 'open'
  // What the method returned, what came of it besides, the committed value, or the error that took its place.
  #result: unknown
  #target: Target | undefined
  #key: unknown
  // Further targets, and those who wait.
  #others: ((call: Call) => void)[] | undefined

  constructor(
    owner: CallOwner,
    number: number,
    method: JobMethod,
    args: readonly unknown[],
    snapshot: CallSnapshot,
    base: number,
    site: CallSite,
  ) {
    this.#owner = owner
    this.number = number
    this.method = method
    this.#args = args.length === 1 && typeof args[0] !== 'object' ? args[0] : args
    this.snapshot = snapshot
    this.base = base
    this.#site = site
  }

  get name(): string {
    return this.method.route.name
  }

  describe(): string {
    return `call ${this.number} of ${this.name}`
  }

  // As executors see it.

  get route(): Route {
    return this.method.route
  }

  get job(): object {
    return this.#owner
  }

  get units(): readonly Snapshot[] {
    return this.snapshot.units
  }

  get args(): readonly unknown[] {
    return this.snapshot.args ?? (Array.isArray(this.#args) ? this.#args : [this.#args])
  }

  get objects(): ObjectArguments | undefined {
    return this.snapshot.objects
  }

  get isCancelled(): boolean {
    return this.#state === 'committed' || this.#state === 'failed'
  }

  began(): void {
    this.#owner.began(this)
  }

  ran(worker: number, batch: number, times: Float64Array, i: number): void {
    this.trace?.ran(worker, batch, times, i)
  }

  succeed(value: unknown): void {
    this.#arrive('returned', value)
  }

  reply(reply: Reply): void {
    if (this.isCancelled) return
    let decoded: Outcome
    let graph: Graph
    try {
      const { encoded, outcome } = reply
      const known = new KnownObjects(this.units.map(({ graph }) => graph))
      graph = Graph.decode(encoded, known)
      const object: unknown = graph.nodes[outcome - known.size]
      checkOutcome(object, (target) => this.#holds(target))
      decoded = object
    } catch (error) {
      // A class that this thread has not imported, or a `decode` that throws.
      this.fail(error)
      return
    }
    if (hasContents) decoded = onContents(decoded)
    if (decoded[0]) addCallSite(decoded[1], this.#site.line)
    this.#arrive('replied', { outcome: decoded, graph })
  }

  // Whether an object is among those that the call sees, as this thread holds it or knows it by its target.
  #holds(target: object): boolean {
    return unitOf(this.snapshot, behind(target)?.held ?? target) !== -1
  }

  fail(error: unknown): void {
    addCallSite(error, this.#site.line)
    this.#arrive('replied', { outcome: [true, error, NONE] })
  }

  progressed(fraction: number): void {
    if (this.#state === 'open') this.#owner.progressed(this, fraction)
  }

  after(tell: (call: Call) => void): void {
    this.#others ??= []
    this.#others.push(tell)
  }

  #arrive(state: 'returned' | 'replied', result: unknown): void {
    if (this.#state !== 'open') return
    this.#state = state
    this.#result = result
    if (this.trace !== undefined) {
      this.trace.arrive(reportClock.arrival)
      channels.call.asyncStart.publish(this.trace)
    }
    this.#owner.arrived(this)
  }

  // As those see it who hold its Future.

  get isCommitted(): boolean {
    return this.#state === 'committed'
  }

  get result(): unknown {
    return this.#result
  }

  settled(onValue: (value: unknown) => void, onError: (error: unknown) => void): void {
    const tell = () => (this.isCommitted ? onValue(this.#result) : onError(this.#result))
    if (this.isCancelled) {
      tell()
      return
    }
    this.after(tell)
    this.#owner.awaited()
  }

  read(target: object, slot: string, role = 'will fill it'): unknown {
    if (!this.isCancelled && !this.#owner.waitFor(this)) {
      const name = this.#owner.nameOf(target)
      // What tracked() makes has no methods of its own.
      const forThis = behind(target) === undefined ? `\`await ${name}.settled(…)\` for this one, ` : ''
      throw new PendingReadError(
        `Cannot read ${name}${slot}: ${this.describe()}, which ${role}, is not committed yet. Way out: ${forThis}` +
          `\`await this.wait()\` for all, or read it in a @synchronized method that is not async.`,
      )
    }
    if (this.#state === 'committed') return this.#result
    this.told()
    throw this.#result
  }

  refusal(to: { number: number; name: string }, objects: readonly object[], isExact: (object: object) => boolean) {
    const own = objects.filter((object) => this.#holds(object))
    const changed = changedByCaller(own, this.origin(), isExact)
    return changed && passedOnError(to, this, changed)
  }

  told(): void {
    this.#owner.told(this.#result)
  }

  advance(): void {
    this.#owner.advance()
  }

  feed(target: Target, key: unknown): void {
    if (this.#target === undefined) {
      this.#target = target
      this.#key = key
    } else this.after(({ isCommitted }) => isCommitted && target.fill(key, this, this.#result))
  }

  // As its scheduler sees it.

  /** Has the caller's reads of these objects wait for the call, where they are behind targets. */
  mayChange(objects: Iterable<object>): void {
    const held = addChanger(this, objects)
    if (held.length > 0) this.after(() => removeChanger(this, held))
  }

  /** The results that the call waits for. */
  get waitsFor(): readonly Pending[] | undefined {
    return this.snapshot instanceof IncompleteSnapshot ? this.snapshot.waitsFor : undefined
  }

  /**
   * Takes in a result that the call waited for.
   * @throws {ConflictError} if that leads to an object of the caller's of which it is not known how the call should see it
   */
  take(result: Pending): void {
    if (!(this.snapshot instanceof IncompleteSnapshot)) return
    this.snapshot.take(result, writes.end, (objects, isExact) => result.refusal?.(this, objects, isExact))
  }

  /** Has taken in all results that it waited for; gives what has been written meanwhile of the objects that it sees. */
  complete(): readonly Written[] {
    const incomplete = this.snapshot
    if (!(incomplete instanceof IncompleteSnapshot)) return []
    this.snapshot = incomplete.complete()
    return writes
      .since(this.base, this.snapshot)
      .filter(({ change, at }) => at >= (incomplete.baseOf(change[1]) ?? this.base))
  }

  /** Where those of its objects are from that it passes on. `written` is how many changes are still to be written to the log. */
  origin(written = 0): Origin {
    const { graph } = this.hasArrived ? (this.#result as Replied) : NOTHING
    return { snapshot: this.snapshot, base: this.base, reply: graph, end: writes.end + written }
  }

  /** Whether its method has ended. */
  get hasArrived(): boolean {
    return this.#state === 'returned' || this.#state === 'replied'
  }

  /** Whether its method returned a plain value and changed nothing. */
  get hasReturned(): boolean {
    return this.#state === 'returned'
  }

  /** What came of it, once it has arrived. */
  get outcome(): Outcome {
    return this.hasReturned ? [false, this.#result, NONE] : (this.#result as Replied).outcome
  }

  /** Makes it as if it had not run. */
  reopen(): void {
    this.#state = 'open'
    this.#result = undefined
    this.trace?.reopen()
  }

  /** Makes the value that the method returned the call's result, and puts it wherever its Future was put. */
  commit(): void {
    const { trace, hasReturned } = this
    const value = hasReturned ? this.#result : this.outcome[1]
    this.#target?.fill(this.#key, this, value)
    this.#end('committed', value)
    if (trace !== undefined) this.#traceEnd(trace, 'committed', hasReturned)
  }

  /** Ends the call without a result, by an error that is its own, or that of an earlier one. */
  abandon(error: unknown, isItsOwn = false): void {
    const { trace } = this
    if (trace !== undefined && isItsOwn) trace.error = error
    this.#end('failed', error)
    if (trace !== undefined) this.#traceEnd(trace, isItsOwn ? 'failed' : 'dropped')
  }

  #traceEnd(trace: TracedCall, outcome: TracedCall['outcome'] & string, isShort = false): void {
    trace.end(reportClock.time(!isShort), outcome)
    if (outcome === 'failed') channels.call.error.publish(trace as TracedCall & { error: unknown })
    channels.call.asyncEnd.publish(trace)
  }

  #end(state: 'committed' | 'failed', result: unknown): void {
    this.#state = state
    this.#result = result
    this.#args = NONE
    this.#target = undefined
    this.#key = undefined
    const others = this.#others
    this.#others = undefined
    // Those that are given the result look at what the call saw.
    if (others !== undefined) for (const tell of others) tell(this)
    this.snapshot = EMPTY
  }
}

// Changes are made behind targets, without waiting and without their taking note, and there they hold what is behind others.
function onContents([threw, value, patch, reads]: Outcome): Outcome {
  const held = (part: unknown) => (typeof part === 'object' && part !== null && behind(part)?.held) || part
  const changes = patch.map((change): Change => {
    const [operation, target, key, now, had, before] = change
    const content = behind(target)
    return content === undefined ? change : [operation, content.held, key, held(now), had, held(before)]
  })
  return [threw, value, changes, reads?.map(([object, ...rest]) => [behind(object)?.held ?? object, ...rest])]
}

const NONE: readonly never[] = []
const NOTHING: { readonly graph?: Graph } = {}

// What a call saw is not held longer than its commit.
const EMPTY = new CallSnapshot([])
